"""Any text at all is understood or it is not: quickly, and without another exception."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from itertools import product
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistants.hearing import (
    NotUnderstood,
    birth_date,
    date_and_time,
    email,
    person_name,
    phone,
    warm,
    when,
)
from assistants.hearing.grammar import Rule
from assistants.hearing.rewriting import Spelling
from assistants.hearing.sentences import GRAMMAR
from assistants.hearing.spellings import SPELLINGS

NOW = datetime(2026, 11, 22, 10, 30)
HEARERS: dict[str, Callable[[str], object]] = {
    "when": lambda text: when(text, now=NOW, region="US"),
    "when in Britain": lambda text: when(text, now=NOW, region="GB"),
    "birth_date": lambda text: birth_date(text, now=NOW, region="GB"),
    "phone": lambda text: phone(text, region="US"),
    "person_name": person_name,
    "email": email,
}

ALPHABET = sorted({char for rule in GRAMMAR for char in rule.pattern.pattern if char >= "\ue000"})

# What rules are made of, to be put together in ways nobody says.
PIECES = re.split(
    " ",
    "a an and the of at @ in on to from by past next last this first second third fifth oh zero "
    "1 2 3 12 15 20 30 31 99 2026 0026 20261203 1/2 3.4 12:30 24:00 2026-12-03 2026-12-03T14:30 "
    "2026-W49-4 1,000 1-2 one two ten twenty thirty hundred thousand half quarter noon midnight "
    "am pm p.m. o'clock ish january may march december monday tuesday fri mondays today tomorrow "
    "tonight morning evening week weeks month year day days hour minutes weekend between before "
    "after until not no every or later than earliest ago hence christmas easter thanksgiving "
    "double triple plus extension ext x # dot dash underscore gmail com null none my name is mrs. "
    "dr S-M-Y T H E as like el martes mañana a las y media próximo morgen halb vier demain à "
    "não pacific utc i have no avoid - . , / ( ) (0) + '88 ½ \ufdfa ٣ ５ \x00 \u200b 😀",
)
NONSENSE = st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)
GLUED = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)
# Signs of which Python's regular expressions and its string methods think differently.
ODD = st.builds(
    str.join,
    st.sampled_from(["-", " ", " - ", ", ", "'", "."]),
    st.lists(st.characters(categories=["No", "Nl", "Lm", "Lo", "Mn", "Sc"]), max_size=6),
)


@pytest.mark.parametrize("hearer", HEARERS)
@settings(max_examples=400, deadline=None)
@given(text=st.one_of(st.text(max_size=80), NONSENSE, GLUED, ODD))
def test_any_text_is_understood_or_not(hearer: str, text: str) -> None:
    try:
        HEARERS[hearer](text)
    except NotUnderstood as unclear:
        assert str(unclear) == f"{unclear.part}: {unclear.reason}"


@settings(max_examples=300, deadline=None)
@given(
    text=NONSENSE,
    now=st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)),
    region=st.sampled_from(["US", "GB", "CA", "AU", "DE", "JP", "ZZ", ""]),
)
def test_any_day_and_country_will_do(text: str, now: datetime, region: str) -> None:
    try:
        found = when(text, now=now, region=region)
    except NotUnderstood:
        return
    assert not (found.last_day and found.day and found.last_day < found.day)
    assert not (found.time and (found.earliest or found.latest))


LONG = 0.2


@pytest.mark.parametrize("hearer", HEARERS)
@pytest.mark.parametrize("length", [150, 500, 10_000])
def test_no_text_takes_long(hearer: str, length: int) -> None:
    """The bound is 5 ms of the processor; more catches what grows with the text alone.

    Time of the processor, not of the clock: a busy machine makes no text slower. What takes long
    takes long again.
    """
    warm()
    for one, other in product(PIECES[::5], PIECES[::7]):
        pair = one + other
        text = (pair * (length // len(pair) + 1))[:length]
        assert seconds(hearer, text) < LONG or seconds(hearer, text) < LONG


def seconds(hearer: str, text: str) -> float:
    started = process_time()
    with suppress(NotUnderstood):
        HEARERS[hearer](text)
    return process_time() - started


@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda spelling: spelling.clues[0])
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_whatever_a_spelling_finds_holds_one_of_its_clues(
    spelling: Spelling, data: st.DataObject
) -> None:
    """It is looked for only in a text that does."""
    text = data.draw(st.from_regex(spelling.pattern))

    assert any(clue in text for clue in spelling.clues)


@pytest.mark.parametrize("rule", GRAMMAR, ids=lambda rule: rule.pattern.pattern[:20])
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_whatever_a_rule_finds_holds_the_kind_it_needs(rule: Rule, data: st.DataObject) -> None:
    found = data.draw(st.from_regex(rule.pattern, alphabet=st.sampled_from(ALPHABET)))

    assert rule.needs in found


def test_threads_hear_the_same() -> None:
    texts = ["Christmas at noon", "the Monday after Thanksgiving", "in two weeks", "3/4 at 3pm"]

    with ThreadPoolExecutor(8) as threads:
        heard = list(threads.map(lambda text: date_and_time(text, NOW), texts * 50))

    assert heard == [date_and_time(text, NOW) for text in texts] * 50
