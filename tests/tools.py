"""Tools: those there are, and what each needs to be told at least, as its serializer has it."""

from assistants.tools import registry

TOOLS = registry.tools()
# By its name, something that is understood for each argument that a tool needs.
SAID = {
    "service": "cleaning",
    "start": "2026-12-04 10:00",
    "patient_name": "Ben Ode",
    "name": "Ben Ode",
}


def needed(tool: str) -> dict[str, str]:
    """What the tool asks for when it is left out; the time may be given in other arguments."""
    fields = TOOLS[tool].serializer.text_fields()
    return {name: SAID[name] for name in fields if fields[name].required or name == "start"}
