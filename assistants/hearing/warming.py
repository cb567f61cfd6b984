"""Warming: data that is slow to load is loaded before the first call."""

from datetime import datetime

from . import languages, named_days, phones, zones
from .moments import when

USUAL = ("US", "GB", "CA", "AU", "NZ", "IE")


def warm(*regions: str) -> None:
    """Load the named days and the numbering plans of some countries, once, before a fork.

    Without arguments, those of the English-speaking countries. Others load when first needed.
    """
    languages.load()
    zones.load()
    for region in regions or USUAL:
        named_days.load(region)
        phones.load(region)
        when("Christmas at noon", now=datetime(2026, 1, 1), region=region)
