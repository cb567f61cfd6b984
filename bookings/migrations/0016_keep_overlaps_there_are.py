from django.db import migrations


class Migration(migrations.Migration):
    """Of two visits of a patient at one time the later written is marked: both stay booked."""

    dependencies = [("bookings", "0015_appointment_overlap_is_kept")]

    operations = [
        migrations.RunSQL(
            sql="""
            UPDATE bookings_appointment AS late
            SET overlap_is_kept = true
            FROM bookings_appointment AS early
            WHERE late.patient_id = early.patient_id
              AND tstzrange(late.start, late."end") && tstzrange(early.start, early."end")
              AND (late.created, late.id) > (early.created, early.id)
              AND late.status IN ('pending', 'booked', 'arrived', 'fulfilled')
              AND early.status IN ('pending', 'booked', 'arrived', 'fulfilled')
            """,
            reverse_sql="UPDATE bookings_appointment SET overlap_is_kept = false"
            " WHERE overlap_is_kept",
        ),
    ]
