"""Sentences: all the rules in their order, and the meaning of the words left over."""

import re

from .clocks import CERTAIN_CLOCKS, LIKELY_CLOCKS
from .corrections import corrected
from .dates import DATES, DATES_BEFORE_A_HALF, DATES_IN_FIGURES, YEARS
from .days import NEAR_DAYS, RECKONED_DAYS, WEEKDAYS
from .durations import DURATION_RULES
from .grammar import Context, Number, Rule, Sentence, shape
from .meaning import NotUnderstood, Part, Reason, Subject
from .spans import DAYS_IN_SPANS, NAMED_WEEKS, SPANS, SPANS_IN_A_MONTH, SPANS_RECKONED
from .wishes import STRETCHES, WISHES
from .words import tokens


def nth(context: Context, day: Number | int) -> int | None:
    number = day.value if isinstance(day, Number) else day
    return number if 1 <= number <= 31 else None


def figure_day(context: Context, day: Number) -> int | None:
    return nth(context, day) if day.digits else None


def clear_day(context: Context, day: Number) -> int | None:
    """ "The 26", "the twenty-six"; "the three" may be a time."""
    return nth(context, day) if day.digits or day.value > 12 else None


def past_fifth(context: Context, day: int) -> int | None:
    """ "The sixth, Tuesday"; but "the first Tuesday" may be the first Tuesday of a month."""
    return nth(context, day) if day > 5 else None


def past_the_hours(context: Context, day: Number) -> int | None:
    """ "Monday 21"; but "Tuesday 9" may be at nine."""
    return figure_day(context, day) if day.value > 12 else None


def the_one(context: Context, number: Number) -> bool | None:
    """ "I need one", "the one on Tuesday"."""
    return True if number == Number(1, digits=0) else None


def the_first(context: Context, nth: int) -> bool | None:
    """ "The first slot on Friday"."""
    return True if nth == 1 else None


def nothing(context: Context) -> bool:
    return True


def evening(context: Context) -> str:
    return str(Part.EVENING)


# A bare "fifth" is a day, but not in "a second" or "first I need".
_DAY_GOES_HERE = "(^|(?<=on|for|from|weekday|part|clock|at|correction))"

_NOT_COUNTED = "(?!counted|unit|half|quarter|last|thing|weekday|visit|people)"

DAYS_OF_SOME_MONTH = (
    Rule("^ on? day:number (?=at clock)", "nth", figure_day),
    Rule(f"the day:ordinal {_NOT_COUNTED}", "nth", nth),
    Rule("(the|on) day:ordinal (?=weekday)", "nth", past_fifth),
    Rule(f"{_DAY_GOES_HERE} day:ordinal {_NOT_COUNTED}", "nth", nth),
    Rule("(?<=the) day:number (?!unit|counted|oclock|hundred|people)", "nth", clear_day),
    Rule("(?<=weekday) day:number (?!(in|at|on) (the|this)? part|ish|dash|to)", "nth",
         past_the_hours),
    Rule("(?<=correction) day:number (?=$|at|stop)", "nth", past_the_hours),
    Rule("(?<=on) day:number (?!(in|at|on)? (the|this)? part|dash|to)", "nth", figure_day),
)  # fmt: skip

# The evening of "Friday eve". "Christmas Eve" is a name of its own.
EVES = (
    Rule("(?<=weekday|today) eve (?!of)", "part", evening),
    Rule("this eve (?!of)", "today_part", evening),
)

# "For two" counts people if a time is said beside it.
_NO_HOUR = (
    "(?!dash|to|until|or|and|ish|number|hundred|past|part|in the? part|in the? meridiem|colon"
    "|meridiem|oclock|zero)"
)
_A_CLOCK = "(colon|meridiem|oclock|half|quarter|noon|at number|number in the? part)"
PARTIES = (
    Rule("party of number", "aside", nothing),
    Rule(f"for number (?=weekday .*{_A_CLOCK})", "aside", nothing),
    Rule(f"party for number {_NO_HOUR} (?=.*{_A_CLOCK})", "aside", nothing),
)

# Numbers and durations that say nothing about when.
ASIDES = (
    Rule("(?<!from) for duration", "aside", nothing),
    Rule("any unit (?!.*but)", "aside", nothing),
    Rule("a? duration (counted|visit)", "aside", nothing),
    Rule("for? number people", "aside", nothing),
    Rule("(?<=other|the|this|clock) number:number", "aside", the_one),
    Rule(
        "the? nth:ordinal (visit|counted)+ (?=(on|for|at|in|the|this)* (day|weekday|nth|part))",
        "aside",
        the_first,
    ),
    Rule("(?<=clock|bounds|part|today_part) dash? ish", "aside", nothing),
    Rule("last other", "aside", nothing),
    Rule(
        "(?<!at) the? earliest (other|visit|counted)* (on|for) (?=the? (day|weekday|nth|span))",
        "aside",
        nothing,
    ),
)

GRAMMAR = (
    *DURATION_RULES,
    *EVES,
    *PARTIES,
    *DATES_BEFORE_A_HALF,
    *YEARS,
    *SPANS_IN_A_MONTH,
    *CERTAIN_CLOCKS,
    *DATES,
    *DATES_IN_FIGURES,
    *NAMED_WEEKS,
    *NEAR_DAYS,
    *SPANS,
    *DAYS_IN_SPANS,
    *WEEKDAYS,
    *RECKONED_DAYS,
    *SPANS_RECKONED,
    *STRETCHES,
    *DAYS_OF_SOME_MONTH,
    *LIKELY_CLOCKS,
    *WISHES,
    *ASIDES,
)

# Leftover words and the reason for asking that each one gives; the first match decides. Some
# count only if a day or a time was found that they could change.
_FACT = "day|weekday|nth|span|clock|bounds|part|today_part|reckoned|midnight"
_DAY = "day|weekday|nth|span|today_part|reckoned"
_NOT = "not|any [^stop]* but|no (?=(the|day|weekday|span|nth|clock))"
_LEFT_OVER: tuple[tuple[re.Pattern[str], Subject, Reason], ...] = (
    (shape("far_year"), "day", Reason.YEAR_TOO_FAR),
    (shape("weekdays|every|each"), "day", Reason.RECURRING),
    (shape("(this|next|coming) or"), "day", Reason.SEVERAL),
    (shape("bounds or bounds"), "time", Reason.SEVERAL),  # "before nine or after five"
    # "From Tuesday" means that day and those after it; "at three from Tuesday" is a time.
    (shape("^(?!.*clock) .* from (day|weekday|nth) (?!to|until)"), "day",
     Reason.AMBIGUOUS),
    # Only within one sentence: "That won't work. What about Tuesday?" excludes nothing.
    (shape(f"({_NOT}) [^stop]* ({_FACT})|({_FACT}) [^stop]* ({_NOT})"), "day", Reason.EXCLUDED),
    # "This Thursday or next Thursday": one weekday, and two days.
    (shape(f"({_DAY}) .* (or|and) (on|at|the|this)* ({_DAY})"), "day", Reason.SEVERAL),
    (shape("month|year|junk|slashed|triple|written|dated|unit|duration|weekend|ordinal|working|"
           "weekday_word|today|named|near|eve|ish|either_next"), "day", Reason.AMBIGUOUS),
    (shape("meridiem|number|colon|dotted|half|quarter|hundred|noon|minutes|zero|few|couple|oclock"),
     "time", Reason.AMBIGUOUS),
    # A bound or a distance: the named day or time itself is not meant.
    (shape(f"(?=.*({_FACT})) .* (next|coming|last|ago|hence|after|before|by|until|since|onward|"
           "later|earlier|than|latest|earliest|within|past|through|commencing)"), "day",
     Reason.AMBIGUOUS),
)  # fmt: skip


def sentence(text: str, context: Context) -> Sentence:
    """The facts of a text: the tokens that are left after every rule has been applied.

    Raises NotUnderstood if words are left that would have changed their meaning.
    """
    said = Sentence.of(tokens(text, region=context.region, subject="day"), context)
    said.rewrite(GRAMMAR)
    for kinds, subject, reason in _LEFT_OVER:
        if said.holds(kinds):
            raise NotUnderstood(subject, reason)
    return corrected(said)
