"""Named days: Christmas, Thanksgiving and the rest, as the org's country keeps them.

The days most callers name are in the tables below. The other holidays of a country come from the
`holidays` library, which is slow to load: `load` does it in advance.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache, partial

from dateutil.easter import EASTER_ORTHODOX, easter

DayOfYear = Callable[[int], date | None]  # None: not kept that year

orthodox_easter = partial(easter, method=EASTER_ORTHODOX)


def fixed(month: int, day: int) -> DayOfYear:
    return lambda year: date(year, month, day)


def nth_weekday(nth: int, weekday: int, month: int, *, days: int = 0) -> DayOfYear:
    """The nth Monday (0) … Sunday (6) of a month, -1 for the last; or so many `days` after it."""

    def found(year: int) -> date:
        first = date(year + month // 12, month % 12 + 1, 1) if nth < 0 else date(year, month, 1)
        ahead = (weekday - first.weekday()) % 7 + 7 * (nth if nth < 0 else nth - 1)
        return first + timedelta(days=ahead + days)

    return found


def from_easter(days: int) -> DayOfYear:
    return lambda year: easter(year) + timedelta(days=days)


def agreed(name: str, *regions: str) -> DayOfYear:
    """A day that depends on the moon, in the years in which all calendars agree on its date."""

    def found(year: int) -> date | None:
        first = {_first(_calendar(region, year), name) for region in regions}
        return first.pop() if len(first) == 1 else None

    return found


def _first(kept: Iterable[tuple[date, frozenset[str]]], name: str) -> date | None:
    return next((day for day, names in kept if name in names), None)


def from_thanksgiving(days: int) -> DayOfYear:
    """Days from the American Thanksgiving, the fourth Thursday of November."""
    return nth_weekday(4, _THURSDAY, 11, days=days)


_MONDAY, _TUESDAY, _WEDNESDAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = range(7)

_EVERYWHERE: dict[str, DayOfYear] = {
    "new year's eve": fixed(12, 31),
    "new year eve": fixed(12, 31),
    "hogmanay": fixed(12, 31),
    "new year's day": fixed(1, 1),
    "new year day": fixed(1, 1),
    "new year's": fixed(1, 1),
    "nye": fixed(12, 31),
    "yuandan": fixed(1, 1),
    "epiphany": fixed(1, 6),
    "three king's day": fixed(1, 6),
    "candlemas": fixed(2, 2),
    "groundhog day": fixed(2, 2),
    "valentine's day": fixed(2, 14),
    "valentine day": fixed(2, 14),
    "saint valentine's day": fixed(2, 14),
    "saint valentine's": fixed(2, 14),
    "saint david's day": fixed(3, 1),
    "international women's day": fixed(3, 8),
    "women's day": fixed(3, 8),
    "pi day": fixed(3, 14),
    "saint joseph's day": fixed(3, 19),
    "saint george's day": fixed(4, 23),
    "saint andrew's day": fixed(11, 30),
    "saint nicholas day": fixed(12, 6),
    "saint stephen's day": fixed(12, 26),
    "saint patrick's day": fixed(3, 17),
    "saint paddy's day": fixed(3, 17),
    "saint patty's day": fixed(3, 17),
    "saint paddy's": fixed(3, 17),
    "saint patty's": fixed(3, 17),
    "paddy's day": fixed(3, 17),
    "ides of march": fixed(3, 15),
    "april fool's day": fixed(4, 1),
    "april fool's": fixed(4, 1),
    "all fool's day": fixed(4, 1),
    "earth day": fixed(4, 22),
    "halloween": fixed(10, 31),
    "all hallow's eve": fixed(10, 31),
    "all saint's day": fixed(11, 1),
    "all hallow's day": fixed(11, 1),
    "all soul's day": fixed(11, 2),
    "guy fawkes day": fixed(11, 5),
    "guy fawkes night": fixed(11, 5),
    "guy fawkes": fixed(11, 5),
    "armistice day": fixed(11, 11),
    "remembrance day": fixed(11, 11),
    "single's day": fixed(11, 11),
    "human rights day": fixed(12, 10),
    "valentine's": fixed(2, 14),
    "christmas eve": fixed(12, 24),
    "christmas": fixed(12, 25),
    "christmas day": fixed(12, 25),
    "boxing day": fixed(12, 26),
    "shrove tuesday": from_easter(-47),
    "fat tuesday": from_easter(-47),
    "pancake tuesday": from_easter(-47),
    "pancake day": from_easter(-47),
    "mardi gras": from_easter(-47),
    "ash wednesday": from_easter(-46),
    "palm sunday": from_easter(-7),
    "maundy thursday": from_easter(-3),
    "holy thursday": from_easter(-3),
    "good friday": from_easter(-2),
    "easter sunday": easter,
    "easter monday": from_easter(1),
    "easter": easter,
    "ascension day": from_easter(39),
    "ascension thursday": from_easter(39),
    "whit sunday": from_easter(49),
    "whitsun": from_easter(49),
    "whitsunday": from_easter(49),
    "pentecost": from_easter(49),
    "pentecost sunday": from_easter(49),
    "whit monday": from_easter(50),
    "pentecost monday": from_easter(50),
    "trinity sunday": from_easter(56),
    "orthodox easter": orthodox_easter,
    "orthodox easter sunday": orthodox_easter,
    "greek easter": orthodox_easter,
    "chinese new year": agreed("chinese new year", "HK", "SG"),
    "chinese new year's day": agreed("chinese new year", "HK", "SG"),
    "diwali": agreed("diwali", "IN", "SG"),
    "deepavali": agreed("diwali", "IN", "SG"),
    "black friday": from_thanksgiving(1),
    "small business saturday": from_thanksgiving(2),
    "cyber monday": from_thanksgiving(4),
    "giving tuesday": from_thanksgiving(5),
    "mother's day": nth_weekday(2, _SUNDAY, 5),
    "father's day": nth_weekday(3, _SUNDAY, 6),
}

_BY_COUNTRY: dict[str, dict[str, DayOfYear]] = {
    "US": {
        "martin luther king's day": nth_weekday(3, _MONDAY, 1),
        "martin luther king jr day": nth_weekday(3, _MONDAY, 1),
        "martin luther king day": nth_weekday(3, _MONDAY, 1),
        "martin luther king jr's day": nth_weekday(3, _MONDAY, 1),
        "martin luther king's birthday": nth_weekday(3, _MONDAY, 1),
        "martin luther king jr's birthday": nth_weekday(3, _MONDAY, 1),
        "mlk day": nth_weekday(3, _MONDAY, 1),
        "mlk jr day": nth_weekday(3, _MONDAY, 1),
        "mlk": nth_weekday(3, _MONDAY, 1),
        "lincoln's birthday": fixed(2, 12),
        "president's day": nth_weekday(3, _MONDAY, 2),
        "president day": nth_weekday(3, _MONDAY, 2),
        "washington's birthday": nth_weekday(3, _MONDAY, 2),
        "george washington's birthday": nth_weekday(3, _MONDAY, 2),
        "arbor day": nth_weekday(-1, _FRIDAY, 4),
        "may day": fixed(5, 1),
        "cinco de mayo": fixed(5, 5),
        "memorial day": nth_weekday(-1, _MONDAY, 5),
        "juneteenth": fixed(6, 19),
        "flag day": fixed(6, 14),
        "independence day": fixed(7, 4),
        "labor day": nth_weekday(1, _MONDAY, 9),
        "grandparent's day": nth_weekday(1, _MONDAY, 9, days=6),
        "patriot day": fixed(9, 11),
        "election day": nth_weekday(1, _MONDAY, 11, days=1),
        "pearl harbor day": fixed(12, 7),
        "columbus day": nth_weekday(2, _MONDAY, 10),
        "indigenous people's day": nth_weekday(2, _MONDAY, 10),
        "veteran's day": fixed(11, 11),
        "veteran day": fixed(11, 11),
        "thanksgiving eve": from_thanksgiving(-1),
        "thanksgiving": from_thanksgiving(0),
        "thanksgiving day": from_thanksgiving(0),
        "turkey day": from_thanksgiving(0),
    },
    "CA": {
        "thanksgiving": nth_weekday(2, _MONDAY, 10),
        "thanksgiving day": nth_weekday(2, _MONDAY, 10),
        "labor day": nth_weekday(1, _MONDAY, 9),
        "victoria day": lambda year: date(year, 5, 24) - timedelta(date(year, 5, 24).weekday()),
    },
    "GB": {
        "mother's day": from_easter(-21),
        "mothering sunday": from_easter(-21),
        "remembrance sunday": nth_weekday(2, _SUNDAY, 11),
        "bonfire night": fixed(11, 5),
        "burns night": fixed(1, 25),
        "early may bank holiday": nth_weekday(1, _MONDAY, 5),
        "may bank holiday monday": nth_weekday(1, _MONDAY, 5),
        "late may bank holiday": nth_weekday(-1, _MONDAY, 5),
        "spring bank holiday": nth_weekday(-1, _MONDAY, 5),
        "august bank holiday": nth_weekday(-1, _MONDAY, 8),
        "summer bank holiday": nth_weekday(-1, _MONDAY, 8),
    },
    "IE": {"mother's day": from_easter(-21), "mothering sunday": from_easter(-21)},
    "AU": {"father's day": nth_weekday(1, _SUNDAY, 9)},
    "NZ": {"father's day": nth_weekday(1, _SUNDAY, 9)},
    "ZA": {"women's day": fixed(8, 9), "human rights day": fixed(3, 21)},
}

# Days that depend on the moon or on the community. We know the names but ask for the date.
_ASKED_AGAIN = (
    "ramadan", "ramadhan", "ramzan", "ramathan", "eid", "hijri new year", "islamic new year",
    "arabic new year", "hanukkah", "hannukah", "hanukah", "chanukah", "passover", "purim",
    "rosh hashanah", "yom kippur", "lunar new year", "orthodox good friday", "orthodox christmas",
    "russian christmas", "kwanzaa", "corpus christi", "spy wednesday", "low sunday", "blue monday",
    "super sunday", "holy monday", "holy tuesday", "holy wednesday", "holy saturday",
    "easter saturday", "bank holiday", "super bowl sunday", "advent sunday",
)  # fmt: skip

# Names of the library that are ordinary words or stand for too many days.
_PLAIN = re.compile(r"[a-z][a-z ]+")
_TOO_PLAIN = frozenset({"", "may day", "sunday", "saturday", "bank holiday", "holiday"})

# Countries whose holidays are known by name and loaded in advance; others when needed.
_YEARS_LOADED = range(2026, 2030)


def load(region: str) -> None:
    """Load the holidays of a country, before the first caller names one."""
    pattern(region)
    for day in _known(region).values():
        for year in _YEARS_LOADED:
            day(year)


def plain(name: str) -> str:
    """A name as we compare it: no apostrophes, "saint" for "st", one spelling of each word."""
    plainly = re.sub(r"[^\w\s]", " ", name.lower().replace("'", ""))
    plainly = re.sub(r"\bst\b", "saint", plainly)
    plainly = re.sub(r"\bx ?mas\b", "christmas", plainly)
    plainly = re.sub(r"\bjunior\b", "jr", plainly.replace("labour", "labor"))
    return " ".join(plainly.split())


@lru_cache(maxsize=32)
def pattern(region: str) -> re.Pattern[str]:
    """A pattern for any named day in lower-case text; `named` then says which one it is."""
    elsewhere = {plain(name) for table in _BY_COUNTRY.values() for name in table}
    names = sorted({*_known(region), *elsewhere, *_ASKED_AGAIN}, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(_spelled, names)) + r")(?!\w)")


def named(text: str, region: str) -> DayOfYear | None:
    """The day of a matched name; None if we ask for its date, or if another country keeps it."""
    return _known(region).get(plain(text))


def _spelled(name: str) -> str:
    """A pattern for the ways a plain name is written."""
    written = name.replace(" ", r",?[\s-]").replace("saint", r"(?:saint|st\.?)")
    written = written.replace("christmas", r"(?:christmas|x[\s-]?mas)").replace("labor", "labou?r")
    written = re.sub(r"\bjr", r"(?:jr\.?|junior)", written).replace("halloween", "hallowe'?en")
    return re.sub(r"(?<=[\w)])s(?=$|,)", "'?s'?", written)


@lru_cache(maxsize=32)
def _known(region: str) -> dict[str, DayOfYear]:
    tables = _EVERYWHERE | _BY_COUNTRY.get(region, {})
    return _kept_by(region) | {plain(name): day for name, day in tables.items()}


def _kept_by(region: str) -> dict[str, DayOfYear]:
    """The holidays of a country by their English names, from the `holidays` library."""
    names = {name for year in _YEARS_LOADED for kept in _calendar(region, year) for name in kept[1]}
    return {
        name: _in_calendar(region, name) for name in names - _TOO_PLAIN if _PLAIN.fullmatch(name)
    }


def _in_calendar(region: str, name: str) -> DayOfYear:
    def found(year: int) -> date | None:
        days = [day for day, names in _calendar(region, year) if name in names]
        return days[0] if len(days) == 1 else None

    return found


@lru_cache(maxsize=256)
def _calendar(region: str, year: int) -> tuple[tuple[date, frozenset[str]], ...]:
    """A year's days and their names; days in lieu ("observed") are not the day itself."""
    import holidays

    if region not in holidays.list_supported_countries():
        return ()
    kept = holidays.country_holidays(region, years=year, language="en_US")
    return tuple(
        (day, frozenset(plain(name) for name in kept.get_list(day) if "(" not in name))
        for day in sorted(kept)
    )
