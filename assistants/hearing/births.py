"""Births: a date of birth, in the past and with its year."""

import re
from datetime import date, datetime

from .dates import DATES, YEARS, Dated, existing, ordered, with_year
from .grammar import KINDS, Context, Number, Rule, Sentence, any_of
from .languages.language import folded
from .meaning import NotUnderstood, Reason
from .spanish_numbers import BELOW_A_HUNDRED, NUMBERS
from .words import tokens

_CORRECTION = KINDS["correction"]
_NUMBERS = (KINDS["number"], KINDS["year"])
OLDEST = 120  # years


def short_year(context: Context, found: Dated, year: Number) -> Dated | None:
    """ "April 17th 88", "April seventeenth eighty eight"."""
    if found.year is not None or year.value > 99 or (year.digits or 2) != 2:
        return None
    return found._replace(year=Number(year.value, 2))


def short_year_oh(context: Context, found: Dated, year: Number) -> Dated | None:
    """ "April seventeenth oh five"."""
    return short_year(context, found, Number(year.value, 2)) if year.value < 10 else None


def three_numbers(context: Context, first: Number, second: Number, year: Number) -> Dated | None:
    """ "Four seventeen eighty eight", in the order of the country."""
    if year.digits not in (0, 2, 4) or (year.digits != 4 and not 10 <= year.value <= 99):
        return None
    month, day = ordered(first.value, second.value, context.region)
    return Dated(month, day, Number(year.value, 4 if year.value > 99 else 2))


BIRTH_DATES = (
    *YEARS,
    *DATES,
    Rule("found:dated of? year:year", "dated", with_year),
    Rule("found:dated (in|of)? year:number", "dated", short_year),
    Rule("found:dated zero year:number", "dated", short_year_oh),
    Rule("first:number dash? second:number dash? year:(number|year)", "dated", three_numbers),
)
_CENTURY = re.compile(
    rf"\b(?:del? )?(?:ano )?(?P<century>mil novecientos|dos mil)"
    rf"(?: (?P<rest>{BELOW_A_HUNDRED}))?\b"
)
_SHORT = re.compile(rf"\bdel? (?:ano )?(?P<year>{BELOW_A_HUNDRED}|(?:19|20)?\d\d)$")
_BORN = re.compile(
    r"^(?:(?:yo |el |ella )?nac(?:i|io)|nacid[oa]|(?:mi |su )?(?:fecha de nacimiento"
    r"|cumpleanos)(?: es)?)(?: el)? "
)
_LEFT_OVER = any_of("number ordinal month year junk triple slashed dotted colon zero dated")


def birth_date(text: str, *, now: datetime, region: str) -> date:
    """The date of birth that was said. A year of two digits is the latest such year in the past.

    Raises NotUnderstood if the year is missing, if there is no such day, if it is in the future
    or if it is more than 120 years ago.
    """
    try:
        dated = _dated(text, Context(now.replace(tzinfo=None), region))
    except NotUnderstood as unclear:
        raise NotUnderstood("birth_date", unclear.reason) from None
    if dated.year is None:
        raise NotUnderstood("birth_date", Reason.YEAR_MISSING)
    today = now.date()
    year = dated.year.value
    if dated.year.digits == 2:
        year += 2000 if (2000 + year, dated.month, dated.day) <= today.timetuple()[:3] else 1900
    found = existing(year, dated.month, dated.day)
    if found is None:
        raise NotUnderstood("birth_date", Reason.NO_SUCH_DAY)
    if found > today:
        raise NotUnderstood("birth_date", Reason.IN_THE_FUTURE)
    if today.year - year > OLDEST:
        raise NotUnderstood("birth_date", Reason.YEAR_TOO_FAR)
    return found


def _with_figures(text: str) -> str:
    """Spanish words for a year of birth in figures: “3 de marzo del noventa” is “… de 90”."""
    plain = folded(" ".join(text.casefold().split()).strip(" .,!"))
    if not re.search(r"\b(?:del?|nac\w+|cumpleanos)\b", plain):
        return text

    def in_figures(said: re.Match[str]) -> str:
        first = 1900 if said["century"] == "mil novecientos" else 2000
        return f"de {first + NUMBERS.get(said['rest'] or '', 0)}"

    def shortened(said: re.Match[str]) -> str:
        year = said["year"]
        return f"de {year if year.isdecimal() else f'{NUMBERS[year]:02}'}"

    return _SHORT.sub(shortened, _CENTURY.sub(in_figures, _BORN.sub("", plain)))


def _dated(text: str, context: Context) -> Dated:
    text = _with_figures(text)
    said = Sentence.of(tokens(text, region=context.region, subject="birth_date"), context)
    said.rewrite(BIRTH_DATES)
    said = _corrected(said)
    dates: list[Dated] = list(dict.fromkeys(said.every("dated")))
    if len(dates) == 1 and len(said.every("dated")) == 1:
        _refuse_leftovers(said)
        return dates[0]
    if dates:
        raise NotUnderstood("birth_date", Reason.SEVERAL)
    found = said.holds(_LEFT_OVER)
    raise NotUnderstood("birth_date", Reason.AMBIGUOUS if found else Reason.NOTHING_HEARD)


def _corrected(said: Sentence) -> Sentence:
    """ "March 12, 1985, no sorry, March 13": the last date, with the first one's year."""
    before, correction, after = said.kinds.rpartition(_CORRECTION)
    if not correction:
        return said
    old, new = (
        [value for value in values if isinstance(value, Dated)]
        for values in (said.values[: len(before)], said.values[len(before) + 1 :])
    )
    if len(old) == 1 and not new:
        return _corrected_in_part(old[0], after, said)
    if len(old) != 1 or len(new) != 1:
        return said
    meant = new[0] if new[0].year else new[0]._replace(year=old[0].year)
    values = [meant if value is new[0] else value for value in said.values[len(before) + 1 :]]
    return Sentence(after, values, said.context)


def _corrected_in_part(old: Dated, after: str, said: Sentence) -> Sentence:
    """ "March 12, 1985, no wait, the 13th": the same month and year. A year alone changes the year.

    Raises NotUnderstood if it is not clear which part of the date is corrected.
    """
    behind = said.values[-len(after) :] if after else []
    days = [v for kind, v in zip(after, behind, strict=True) if kind == KINDS["ordinal"]]
    numbers = [v for kind, v in zip(after, behind, strict=True) if kind in _NUMBERS]
    years = [number for number in numbers if number.value > 99]
    if len(days) > 1 or len(years) != len(numbers) or len(years) > 1 or not (days or years):
        raise NotUnderstood("birth_date", Reason.AMBIGUOUS)
    day = days[0].value if days and isinstance(days[0], Number) else (*days, old.day)[0]
    year = Number(years[0].value, 4) if years else old.year
    return Sentence(KINDS["dated"], [old._replace(day=day, year=year)], said.context)


def _refuse_leftovers(said: Sentence) -> None:
    if len(said.kinds) > 1 and any_of("number year junk triple slashed dotted month").search(
        said.kinds
    ):
        raise NotUnderstood("birth_date", Reason.AMBIGUOUS)
