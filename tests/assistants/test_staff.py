"""Staff: the rights of new models reach the clinics there are."""

import re

from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from assistants import staff
from bookings.desk.own_diary import PRACTITIONER
from bookings.models import PractitionerAccount
from tenants import organizations, tokens
from tenants.accounts.models import Link
from tenants.roles import FRONT_DESK, roles
from tests.conftest import Committed
from tests.inside import manage


def test_a_migration_gives_the_front_desk_the_rights_it_lacks(committed: Committed) -> None:
    """A group made before a model was: `migrate_schemas` brings it up, and nobody else."""
    made = committed()
    with organizations.within(organizations.get(made.org)):
        group = Group.objects.get(name=FRONT_DESK)
        others = Group.objects.create(name="Cleaners")
        group.permissions.remove(Permission.objects.get(codename="add_room"))
        assert [row.codename for row in staff.lacking_rights(FRONT_DESK)] == ["add_room"]
    told = manage("doctor", "--org", made.org)
    assert "the role Front desk lacks 1 rights: manage.py migrate_schemas" in told.stdout
    assert told.returncode == 1

    call_command("migrate_schemas", schema_name=made.schema, interactive=False, verbosity=0)

    with organizations.within(organizations.get(made.org)):
        assert not staff.lacking_rights(FRONT_DESK)
        assert set(group.permissions.all()) == set(staff.front_desk_rights())
        assert not others.permissions.exists()


def test_the_command_adds_an_account_with_a_role(committed: Committed) -> None:
    made = committed()
    whose = ["--role", "practitioner", "--practitioner", "Dr. Ada Moss"]

    refused = manage("add_staff", made.org, "ada@elm.example", "--role", "practitioner")
    told = manage("add_staff", made.org, "ada@elm.example", *whose)
    again = manage("add_staff", made.org, "ada@elm.example", *whose)

    assert "--practitioner: is needed with --role practitioner" in refused.stderr
    assert "already exists" in again.stderr
    assert [refused.returncode, told.returncode, again.returncode] == [1, 0, 1]
    with organizations.within(organizations.get(made.org)):
        [link] = PractitionerAccount.objects.all()
        assert (link.user.username, link.practitioner.name) == ("ada@elm.example", "Dr. Ada Moss")
        assert [group.name for group in link.user.groups.all()] == [PRACTITIONER]
        assert not link.user.has_usable_password()
        [secret] = re.findall(r"/admin/welcome/(\S+)/", told.stdout)
        assert tokens.digest(secret) == Link.objects.get(user=link.user).digest


def test_a_clinic_from_before_the_roles_gets_them(committed: Committed) -> None:
    made = committed()
    with organizations.within(organizations.get(made.org)):
        Group.objects.exclude(name=FRONT_DESK).delete()

    call_command("migrate_schemas", schema_name=made.schema, interactive=False, verbosity=0)

    with organizations.within(organizations.get(made.org)):
        for role, rights in staff.RIGHTS.items():
            assert set(Group.objects.get(name=role).permissions.all()) == set(rights())
        assert staff.RIGHTS.keys() == roles
