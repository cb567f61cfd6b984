"""Overlaps: visits that overlap another one of the same practitioner, room or patient.

The constraints forbid them; `doctor` counts them.
"""

from django.db import connection

from bookings.models import Appointment

# In order of time, compares each visit with the latest end before it. That is one sort, and needs
# no index: the constraint that had one may have been dropped.
COUNT = """
    SELECT count(*) FILTER (WHERE lower(blocked) < diary_until),
           count(*) FILTER (WHERE room_id IS NOT NULL AND lower(blocked) < room_until),
           count(*) FILTER (WHERE NOT overlap_is_kept AND start < patient_until)
    FROM (
        SELECT *,
               max(upper(blocked)) OVER (
                   PARTITION BY practitioner_id ORDER BY lower(blocked), id
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
               ) AS diary_until,
               max(upper(blocked)) OVER (
                   PARTITION BY room_id ORDER BY lower(blocked), id
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
               ) AS room_until,
               max("end") OVER (
                   PARTITION BY patient_id, overlap_is_kept ORDER BY start, id
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
               ) AS patient_until
        FROM bookings_appointment
        WHERE status = ANY(%s)
    ) AS visits
"""


def count() -> dict[str, int]:
    """How many visits in the current org, past ones too, begin before another of the same
    practitioner, room or patient is over. One query.

    A patient's visits that overlapped before this was forbidden (`overlap_is_kept`) do not count.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [list(Appointment.OCCUPYING)])
        return dict(zip(("practitioner", "room", "patient"), cursor.fetchone(), strict=True))
