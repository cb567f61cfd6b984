"""The registry: every module that declares a tool is found, and what the tools share is one."""

import inspect

from assistants.tools import registry
from assistants.tools.fields import TextField
from tests.tools import TOOLS


def test_every_tool_is_found_by_the_name_of_its_function() -> None:
    assert len(TOOLS) >= 10
    for name, tool in TOOLS.items():
        assert tool.name == name
        assert getattr(inspect.getmodule(tool.function), name) is tool.function
        assert TextField not in map(type, tool.serializer.text_fields().values())


def test_no_two_tools_have_one_place() -> None:
    in_prompt = [tool.prompt_place or tool.place for tool in TOOLS.values()]

    assert len({tool.place for tool in TOOLS.values()}) == len(TOOLS)
    assert len(set(in_prompt)) == len(TOOLS)


def test_an_argument_of_one_name_is_asked_about_in_one_way() -> None:
    """A repeated question is counted by the name of its argument, whichever tool it was for."""
    for tool in TOOLS.values():
        for name, field in tool.serializer.text_fields().items():
            assert registry.subject_of(name) == field.subject, (tool.name, name)
            assert registry.asked_for(name) == (field.asked_for or name), (tool.name, name)


def test_an_older_name_is_about_the_same() -> None:
    assert registry.subject_of("patientName") == registry.subject_of("patient_name") == "name"
    assert registry.asked_for("patient_name") == "the patient's name"
    assert registry.names_of("phone") == ["patientPhone", "patient_phone", "phone"]


def test_what_changes_something_is_known() -> None:
    assert {
        "book_appointment", "reschedule_appointment", "cancel_appointment", "request_callback",
        "join_waitlist",
    } <= set(registry.that_write())  # fmt: skip
    assert not registry.writes("check_availability")
    assert not registry.writes("no_such_tool")
