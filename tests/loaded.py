"""Django loaded and warmed, to be forked from: see tests.commands."""

import django

django.setup()

import assistants.sync  # noqa: E402, F401 - its library takes a while
from config.warm import warm  # noqa: E402

warm()
