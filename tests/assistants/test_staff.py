"""Staff: the rights of new models reach the clinics there are."""

from collections.abc import Callable

from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from assistants import staff
from assistants.provisioning.onboarding import Onboarded
from tenants import organizations
from tenants.sites import FRONT_DESK
from tests.inside import manage


def test_a_migration_gives_the_front_desk_the_rights_it_lacks(
    committed: Callable[..., Onboarded],
) -> None:
    """A group made before a model was: `migrate_schemas` brings it up, and nobody else."""
    made = committed()
    with organizations.within(organizations.get(made.org)):
        group = Group.objects.get(name=FRONT_DESK)
        others = Group.objects.create(name="Cleaners")
        group.permissions.remove(Permission.objects.get(codename="add_room"))
        assert [row.codename for row in staff.lacking_rights()] == ["add_room"]
    told = manage("doctor", "--org", made.org)
    assert "the front desk lacks 1 rights: manage.py migrate_schemas" in told.stdout
    assert told.returncode == 1

    call_command("migrate_schemas", schema_name=made.schema, interactive=False, verbosity=0)

    with organizations.within(organizations.get(made.org)):
        assert not staff.lacking_rights()
        assert set(group.permissions.all()) == set(staff.front_desk_rights())
        assert not others.permissions.exists()
