"""Signals of this app, for the apps above it."""

from django.dispatch import Signal

# An operator chose another time zone. Arguments: `organization`. A receiver may return a sentence
# about what that means for its rows; the operator is shown it.
timezone_changed = Signal()
