"""Corrections: what callers take back in the same breath, as in "Tuesday, no wait, Wednesday"."""

from datetime import timedelta

from .dates import Day, existing
from .grammar import KINDS, Sentence, any_of
from .meaning import NotUnderstood, Reason

_CORRECTION = KINDS["correction"]
_DAYS = any_of("day weekday nth span today_part reckoned")
_TIMES = any_of("clock bounds part midnight")
_DAY, _WEEKDAY, _NTH = (KINDS[kind] for kind in ("day", "weekday", "nth"))


def corrected(said: Sentence) -> Sentence:
    """The sentence without the day, or the time, that another one of it takes back.

    A new day keeps the time said before it. A number alone keeps the month: "the fifth of May, no,
    the sixth" is 6 May. Raises NotUnderstood for a weekday whose week depends on the earlier day
    ("next Tuesday, no wait, Wednesday").
    """
    while _CORRECTION in said.kinds:
        at = said.kinds.index(_CORRECTION)
        said = _in_the_same_month(said, at)
        after = said.kinds[at + 1 :].partition(_CORRECTION)[0]
        before = _kept(said, at, after)
        kept = [place for place in before if place < at] + list(range(at + 1, len(said.kinds)))
        said = Sentence(
            "".join(said.kinds[place] for place in kept),
            [said.values[place] for place in kept],
            said.context,
        )
    return said


def _in_the_same_month(said: Sentence, at: int) -> Sentence:
    """A number after the correction becomes a day of the month named before it.

    It stays a number if that day is over: then the next month may be meant.
    """
    after = said.kinds[at + 1 :].partition(_CORRECTION)[0]
    old = [v for k, v in zip(said.kinds[:at], said.values[:at], strict=True) if k == _DAY]
    if len(old) != 1 or after.count(_NTH) != 1 or set(_DAYS.findall(after)) - {_NTH, _WEEKDAY}:
        return said
    place = at + 1 + after.index(_NTH)
    found = existing(old[0].date.year, old[0].date.month, said.values[place])
    if found is None or found < said.context.now.date():
        return said
    values = [*said.values[:place], Day(found, old[0].year_corrected), *said.values[place + 1 :]]
    return Sentence(f"{said.kinds[:place]}{_DAY}{said.kinds[place + 1 :]}", values, said.context)


def _kept(said: Sentence, at: int, after: str) -> list[int]:
    """The positions of the tokens before a correction, which is at `at`, that still hold."""
    before, dropped = said.kinds[:at], ""
    if _DAYS.search(before) and _DAYS.search(after):
        new, old = "".join(_DAYS.findall(after)), "".join(_DAYS.findall(before))
        if not (_stands_alone(new, old) or _is_after_now(said, at, new, old)):
            raise NotUnderstood("day", Reason.SEVERAL)
        dropped += "".join(_DAYS.findall(before))
    if _TIMES.search(after):
        dropped += "".join(_TIMES.findall(before))
    return [place for place, kind in enumerate(before) if kind not in dropped]


def _is_after_now(said: Sentence, at: int, new: str, old: str) -> bool:
    """Whether the new day is a weekday in place of today or tomorrow: the coming one."""
    days = [v for k, v in zip(said.kinds[:at], said.values[:at], strict=True) if k == _DAY]
    tomorrow = said.context.now.date() + timedelta(days=1)
    return new == _WEEKDAY and old == _DAY and days[0].date <= tomorrow


def _stands_alone(new: str, old: str) -> bool:
    """Whether the new day does not depend on the old one: a date does not, "the sixth" after "May
    the fifth" does."""
    if _DAY in new:
        return True
    if _NTH in new:
        return set(old) <= {_WEEKDAY, _NTH}
    return set(new) == set(old) == {_WEEKDAY}
