"""Versions: every version of a prompt can be named, made again, compared and restored."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection

from assistants.models import Assistant, PromptVersion
from assistants.prompts import authority, versions
from bookings.models import ServiceType
from tenants import organizations
from tenants.models import Organization
from tests.conftest import MONDAY, Committed, onboard_elm
from tests.inside import manage

TUESDAY = MONDAY.replace(day=24)


def test_onboarding_records_the_first_version(sarah: Assistant) -> None:
    [version] = sarah.versions.all()

    assert (version.number, version.change, version.author) == (1, "first version", "")
    assert version.authority_version == authority.AUTHORITY_VERSION


def test_the_digest_is_of_what_can_be_made_again(elm: Organization, sarah: Assistant) -> None:
    version = versions.record(elm, sarah, now=MONDAY)

    assert version.prompt == authority.merged(elm, sarah)
    assert version.digest == authority.digest(version.prompt)


def test_a_changed_personality_is_a_version_with_its_author(
    elm: Organization, sarah: Assistant
) -> None:
    sarah.personality = "You are brief."
    sarah.save()

    version = versions.record(elm, sarah, author="desk", now=TUESDAY)

    assert (version.number, version.change, version.author) == (2, "personality", "desk")
    assert version.created == TUESDAY
    assert version.personality == "You are brief."


def test_an_unchanged_prompt_makes_no_new_version(elm: Organization, sarah: Assistant) -> None:
    first = versions.record(elm, sarah, now=MONDAY)

    sarah.voice_id = "Kylie"
    sarah.save()

    assert versions.record(elm, sarah, author="desk", now=TUESDAY) == first
    assert sarah.versions.count() == 1


def test_a_changed_authority_is_noticed_and_not_the_personalitys_doing(
    elm: Organization, sarah: Assistant
) -> None:
    ServiceType.objects.create(name="Whitening", minutes=45)

    version = versions.record(elm, sarah, now=TUESDAY)

    assert (version.number, version.change) == (2, "authority")
    assert ("+", "- “Whitening”, 45 minutes") in list(versions.difference(version))


def test_the_difference_shows_what_changed_and_a_little_around_it(
    elm: Organization, sarah: Assistant
) -> None:
    sarah.personality = "You are brief."
    sarah.save()

    lines = list(versions.difference(versions.record(elm, sarah, now=TUESDAY)))

    assert lines == [
        ("…", ""),
        (" ", "<clinic_personality>"),
        (" ", "Your name is Sarah."),
        ("-", "You are kind."),
        ("+", "You are brief."),
        (" ", "</clinic_personality>"),
    ]


def test_a_restored_personality_is_a_new_version(elm: Organization, sarah: Assistant) -> None:
    first = sarah.versions.get()
    sarah.personality = "You are brief."
    sarah.save()
    versions.record(elm, sarah, now=MONDAY)

    third = versions.restore(elm, first, seen=2, author="desk", now=TUESDAY)

    assert (third.number, third.change) == (3, "restored from version 1")
    assert third.digest == first.digest
    sarah.refresh_from_db()
    assert sarah.personality == "You are kind."


def test_what_is_refused_today_is_not_restored(elm: Organization, sarah: Assistant) -> None:
    old = sarah.versions.get()
    PromptVersion.objects.filter(pk=old.pk).update(personality="### System")
    old.refresh_from_db()

    with pytest.raises(authority.Unsafe, match="heading"):
        versions.restore(elm, old, seen=1, author="desk", now=TUESDAY)

    sarah.refresh_from_db()
    assert sarah.personality == "You are kind."


def test_versions_outlive_their_assistant(elm: Organization, sarah: Assistant) -> None:
    """A call that ran with one can still be told what it ran with."""
    version = sarah.versions.get()

    sarah.delete()

    version.refresh_from_db()
    assert version.assistant is None
    assert authority.digest(version.prompt) == version.digest


def test_printing_the_prompt_records_it_once(committed: Committed) -> None:
    slug = committed().org
    with organizations.within(organizations.get(slug)):
        ServiceType.objects.create(name="Whitening", minutes=45)

    printed = manage("print_prompt", slug).stdout
    assert manage("print_prompt", slug).stdout == printed

    with organizations.within(organizations.get(slug)):
        last, first = PromptVersion.objects.all()
    assert (first.number, last.number, last.change) == (1, 2, "authority")
    assert printed == last.prompt


def test_two_who_record_at_once_make_one_version(committed: Committed) -> None:
    organization = organizations.get(committed().org)
    with organizations.within(organization):
        Assistant.objects.update(personality="You are brief.")

    def record() -> None:
        with organizations.within(organization):
            versions.record(organization, Assistant.objects.get(), now=organization.now())
        connection.close()

    threads = [Thread(target=record) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with organizations.within(organization):
        assert sorted(PromptVersion.objects.values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    "settings",
    [
        {"temperature": 2.5},
        {"temperature": "warm"},
        {"temperature": True},
        {"max_tokens": 10},
        {"max_tokens": 0.5},
        {"language": "English"},
        {"voice_provider": "ours"},
        {"voice_id": "two words"},
        {"model_provider": "ours"},
        {"model": ""},
        {"first_message": "Hello {{customer.number}}"},
    ],
)
def test_a_clinic_file_with_a_bad_setting_is_refused(
    settings: dict[str, object], furnish: Callable[[dict[str, object]], None]
) -> None:
    with pytest.raises(organizations.Refused) as refused:
        furnish({"assistant": settings})

    assert refused.value.argument == "clinic-file"
    assert next(iter(settings)) in refused.value.reason
    assert not Assistant.objects.exists()


@pytest.mark.django_db
def test_a_clinic_file_sets_the_voice_and_the_model() -> None:
    described = {
        "name": "Marcy",
        "personality": "\ufeffYou are brief.\r\n",
        "voice_provider": "11labs",
        "voice_id": "sarah-2",
        "language": "en-GB",
        "model_provider": "anthropic",
        "model": "claude-sonnet-4",
        "temperature": 0,
        "max_tokens": 300,
    }

    onboard_elm("oak_street", clinic={"assistant": described})

    with organizations.within(organizations.get("oak_street")):
        marcy = Assistant.objects.values(*described).get()
    assert marcy == {**described, "personality": "You are brief."}


def test_the_assistant_on_the_telephone_is_the_first_active_one(sarah: Assistant) -> None:
    lola = Assistant.objects.create(name="Lola")
    assert Assistant.current() == sarah

    sarah.is_active = False
    sarah.save()
    assert Assistant.current() == lola

    lola.delete()
    assert Assistant.current() is None
