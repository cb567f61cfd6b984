"""The calendar: a day by practitioner, a week of one, a month as an overview; and moving a visit.

The days and weeks are drawn in the browser (static/bookings/calendar.js) from what `events` reads.
"""
