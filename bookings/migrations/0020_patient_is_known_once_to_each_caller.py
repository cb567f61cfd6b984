from django.db import migrations, models


class Migration(migrations.Migration):
    """The new constraint stands before the old one is gone.

    Backwards, claimed patients lose their number: the older code takes a patient's number for
    proven, and knows a number, a name and a birthday once.
    """

    dependencies = [("bookings", "0019_patient_claimed_by")]

    operations = [
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("phone", ""), _negated=True),
                fields=("claimed_by", "phone", "name_key", "date_of_birth"),
                name="patient_is_known_once_to_each_caller",
                nulls_distinct=False,
                violation_error_message="This patient is already known.",
            ),
        ),
        migrations.RemoveConstraint(model_name="patient", name="patient_is_known_once"),
        migrations.RunSQL(
            sql=migrations.RunSQL.noop,
            reverse_sql="UPDATE bookings_patient SET phone = '' WHERE claimed_by <> ''",
        ),
    ]
