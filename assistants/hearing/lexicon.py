"""Lexicon: the words that have a meaning alone, and the kind and value of each."""

from collections.abc import Mapping

from .grammar import Number, Token


def listed(words: str) -> list[str]:
    return words.split()


MONTHS = listed(
    "january february march april may june july august september october november december"
)
WEEKDAYS = listed("monday tuesday wednesday thursday friday saturday sunday")
UNITS = listed("one two three four five six seven eight nine")
TEENS = listed("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")
ORDINAL_UNITS = listed("first second third fourth fifth sixth seventh eighth ninth")
ORDINAL_TEENS = listed(
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth "
    "nineteenth"
)

SMALL_NUMBERS = {word: value for value, word in enumerate(UNITS + TEENS, start=1)}
NUMBERS = SMALL_NUMBERS | {word: 10 * tens for tens, word in enumerate(TENS, start=2)}
ORDINALS = {word: value for value, word in enumerate(ORDINAL_UNITS + ORDINAL_TEENS, start=1)}
ORDINALS |= {"twentieth": 20, "thirtieth": 30}

# The kinds of words, and the words of each. A word that is not here, and is not a number, has the
# kind "other": it has no meaning, but no shape matches across it.
_WORDS = {
    "a": "a an",
    "after": "after",
    "ago": "ago",
    "and": "and",
    "any": "any anything all whole everything entire",
    "at": "at @ around about approximately approx roughly circa",
    "before": "before",
    "between": "between betw",
    "but": "but",
    "by": "by",
    "coming": "coming upcoming",
    "counted": "available opening openings option choice time open free possible",
    "correction": "nowait",
    "couple": "couple pair",
    "dash": "- ~",
    "do": "do make",
    "each": "each",
    "earlier": "earlier sooner",
    "earliest": "earliest",
    "early": "early",
    "either_next": "comingornext",  # from other languages: the coming one, or next week's
    "end": "end",
    "every": "every weekly daily monthly biweekly fortnightly",
    "few": "few several",
    "final": "final",
    "for": "for",
    "from": "from",
    "eve": "eve",
    "half": "half",
    "hence": "hence",
    "hundred": "hundred",
    "in": "in",
    "ish": "ish",
    "last": "last previous",
    "late": "late",
    "later": "later",
    "latest": "latest",
    "letter_d": "d",
    "letter_h": "h",
    "lunchtime": "lunchtime lunch",
    "teatime": "teatime",
    "middle": "middle mid",
    "midnight": "midnight",
    "moving": "move moved moving change changed switch reschedule shift push",
    "near": "closest nearest",
    "commencing": "commencing starting",
    "next": "next nxt following",
    "no": "no",
    "noon": "noon midday noontime noonish",
    "not": "not never nothing cannot except excluding unless without nor neither busy unavailable",
    "now": "now",
    "oclock": "o'clock oclock",
    "of": "of o'",
    "on": "on",
    "onward": "onwards onward",
    "or": "or either",
    "past": "past",
    "party": "table reservation party group family",
    "people": "people persons person guests kids children adults patients ticket tickets seats",
    "quarter": "quarter",
    "rest": "rest remainder",
    "school": "school",
    "since": "since",
    "slash": "/",
    "start": "start beginning",
    "stop": ";",
    "than": "than",
    "the": "the",
    "thing": "thing",
    "this": "this current",
    "three_quarters": "threequarters",
    "through": "through thru",
    "to": "to",
    "until": "until till til 'til 'till unto",
    "visit": "appointment slot visit session checkup cleaning meeting consultation call",
    "weekday_word": "weekday workday",
    "weekend": "weekend weekends wknd",
    "within": "within",
    "work": "work",
    "working": "business working",
    "zero": "oh zero o",
}

# Words that are of one kind but have different values.
_VALUES: dict[str, Mapping[str, str | int | Number]] = {
    "meridiem": {"am": "am", "pm": "pm"},
    "month": {f"{name} {name[:3]}": number for number, name in enumerate(MONTHS, start=1)}
    | {"sept": 9},
    "number": {word: Number(value, digits=0) for word, value in NUMBERS.items()},
    "ordinal": ORDINALS,
    "part": {
        "morning mornings morn mrng forenoon forenoons": "morning",
        "afternoon afternoons aft aftn arvo": "afternoon",
        "evening evenings evng": "evening",
        "night nights nite": "night",
    },
    "today": {
        "today today's todays tdy": 0,
        "tomorrow tomorrow's tomorrows tmrw tmw tmr tmro tomo tommorow tomoro": 1,
        "yesterday yesterday's": -1,
    },
    "today_part": {"tonight tonite": "night"},
    "unit": {
        "minute minutes minute's min mins": "minute",
        "hour hours hour's hr hrs": "hour",
        "day days day's": "day",
        "week weeks week's wk wks": "week",
        "fortnight fortnights fortnight's": "fortnight",
        "month months month's": "month",
        "year years year's yr yrs": "year",
        "seconds secs": "second",
    },
    "weekday": {f"{name} {name[:3]} {name}'s": number for number, name in enumerate(WEEKDAYS)}
    | {"tues": 1, "weds": 2, "thur thurs": 3},
    "weekdays": {f"{name}s": number for number, name in enumerate(WEEKDAYS)},
}

LEXICON = {word: Token(kind, None) for kind, words in _WORDS.items() for word in listed(words)} | {
    word: Token(kind, value)
    for kind, values in _VALUES.items()
    for words, value in values.items()
    for word in listed(words)
}

SPELLED_RIGHT = frozenset(LEXICON)  # without the misspellings that are added below

# Words that say nothing about when. They are dropped, so that "at like uh three" reads "at three".
FILLERS = frozenset(
    listed(
        "um umm uh uhh uhm er erm err hmm hm mm ah eh like well so please pls maybe perhaps "
        "possibly probably preferably ideally say ok okay yeah yep yes sure hi hello hey thanks "
        "thank you just actually basically literally kinda sorta sometime somewhere right "
        "exactly sharp precisely then also only even my our your more instead rather"
    )
)

# Spellings with one mistake in a long name: a letter left out, doubled, replaced, or two swapped;
# the first letter is right. A spelling that fits two names ("tursday") counts for neither.
_OFTEN_MISSPELT = [
    *WEEKDAYS,
    *(month for month in MONTHS if len(month) > 5),
    *(number for number in (*NUMBERS, *ORDINALS) if len(number) > 5 and number != "second"),
    "tomorrow",
    "afternoon",
]
_SHORTEST_SLIP = 5
_OTHER_WORDS = frozenset(
    listed(
        "frida fridas mondal munday sunda sundae sundar sundry augusta auguste augusto "
        "thirsty elven forth sevens eights fourths fifths tenths"
    )
)
_FARTHER_OFF = {
    "wensday": "wednesday", "wendsday": "wednesday", "tommorow": "tomorrow",
    "fiveteen": "fifteen", "fith": "fifth", "nineth": "ninth", "eigth": "eighth",
    "sixt": "sixth", "fift": "fifth", "therd": "third", "thrid": "third", "frist": "first",
}  # fmt: skip


def slips(name: str) -> set[str]:
    """Every spelling with one mistake in a name; the first letter is right."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(name[:at], name[at:]) for at in range(1, len(name) + 1)]
    found = {head + tail[1:] for head, tail in cuts if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    found |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in letters}
    found |= {head + letter + tail for head, tail in cuts for letter in letters}
    return {slip for slip in found if len(slip) >= _SHORTEST_SLIP} - _OTHER_WORDS


def _add_misspellings() -> None:
    seen: dict[str, str] = {}
    for name in _OFTEN_MISSPELT:
        for slip in slips(name) - LEXICON.keys():
            seen[slip] = name if slip not in seen else ""
    for slip, name in (seen | _FARTHER_OFF).items():
        LEXICON[slip] = LEXICON[name] if name else Token("near", None)


_add_misspellings()
