"""Warming: what is slow to load, loaded before the first call comes."""

from datetime import datetime

from . import languages, named_days, phones, zones
from .moments import when

USUAL = ("US", "GB", "CA", "AU", "NZ", "IE")


def warm(*regions: str) -> None:
    """Load the named days and the numbering plans of some countries, once, before a fork.

    Without arguments, of those that speak English; another country's load when first needed.
    """
    languages.load()
    zones.load()
    for region in regions or USUAL:
        named_days.load(region)
        phones.load(region)
        when("Christmas at noon", now=datetime(2026, 1, 1), region=region)
