"""Spellings: one way of writing for each word, and nothing of what says nothing about when."""

import re
from collections.abc import Callable

from .lexicon import LEXICON, SMALL_NUMBERS, WEEKDAYS

Replacing = Callable[[re.Match[str]], str]
_STOPS = ". |! |? |; "
_WEEKDAY = f"(?:{'|'.join(WEEKDAYS)})"
_SHORT_WEEKDAYS = "|".join(name[:3] for name in WEEKDAYS)
_OF_A_WEEKDAY = r"[nsri]day"
_COUNTED = (
    "thoughts?|opinions?|time|visits?|floor|questions?|names?|dose|shot|jab|round|child|baby|kid|"
    "session|treatment|cleaning|check-?up|appointment|consultation|patient|try|step|grade|trimester"
)
_WHEN = rf"{_WEEKDAY}|tomorrow|today|week|morning|afternoon|evening|[ap]\.?m\.?|\d(?:st|nd|rd|th)?"
# What takes back the words before it, in "Tuesday, no wait, Wednesday".
_TAKING_BACK = (
    r"\b(?:no,? wait|wait,? no|sorry|(?<!if )i meant?|make (?:it|that)|(?:scratch|strike) that"
    r"|or rather|(?:or|no,?) actually)\b|(?<=[,;-] )(?:actually\b|no,)"
)
_NUMBER = f"(?:{'|'.join(SMALL_NUMBERS)}|\\d\\d?)"
# "Two thirty" and "four o'clock" as they may be written down; "for thirty minutes" is no time.
_MISHEARD = {"to": "two", "too": "two", "for": "four", "won": "one", "ate": "eight"}
_AFTER_AN_HOUR = "|".join(rf"(?<=\b{word})" for word in list(SMALL_NUMBERS)[:12])
_MINUTES = r"(?:fifteen|thirty|forty[\s-]five)\b(?! (?:min|people|of))"
_BAD = (
    "bad|no good|out|impossible|tricky|hard|difficult|tough|tight|full|booked|packed|terrible|worse"
)


def _stopped(end: re.Match[str]) -> str:
    """The end of a sentence as ";", unless it is the full stop of "Tues." or "Sept."."""
    token = LEXICON.get(end[1])
    shortened = token and len(end[1]) < 5 and token.kind in ("month", "weekday", "unit")
    return end[0] if shortened else f"{end[1]} ; "


class Spelling:
    """A pattern, and what is written in its place.

    `clues` are parted by "|". One of them is in whatever the pattern finds, and to look for them
    is quicker: of the spellings a text needs few. Where there is no clue it is "", in every text.
    """

    __slots__ = ("clues", "pattern", "replacement")

    def __init__(self, clues: str, pattern: str, replacement: str | Replacing) -> None:
        self.clues = clues.split("|")
        self.pattern = re.compile(pattern)
        self.replacement = replacement


SPELLINGS = (
    Spelling(
        _STOPS,
        r"((?:[a-z']{3,}|\b(?:me|it|do|so|us|is|go|ok|no|up|on|in)))[.!?;] (?=[a-z])",
        _stopped,
    ),
    Spelling(
        _STOPS,
        r"(?<=[\dm])[.!?;] "
        r"(?=(?:i|i'[a-z]+|we|my|it|that|that's|thanks|thank|please|can|could|do)\b)",
        " ; ",
    ),
    Spelling("\u2018|\u2019|\u02bc|\u00b4|`", r"[\u2018\u2019\u02bc\u00b4`]", "'"),
    Spelling("\u2010|\u2011|\u2012|\u2013|\u2014|\u2015|\u2212", r"[\u2010-\u2015\u2212]", "-"),
    Spelling("m", r"\b(?:i|you|we|they|he|she|it)(?: a|'|)m\b", "i "),
    Spelling("clock", r"\bo\s?[\"'\s]\s?clock\b", "o'clock"),
    *(
        Spelling(heard, rf"\b{heard}(?= o'clock)|(?<=\bat ){heard}(?= {_MINUTES})", meant)
        for heard, meant in _MISHEARD.items()
    ),
    Spelling("won", rf"^won(?= {_MINUTES})", "one"),
    Spelling("am|pm", rf"(?:{_AFTER_AN_HOUR})(?=[ap]m\b)", " "),
    # "p . m .", "p.m.", "p m"; a lone letter only after a figure: "3p", "9 a."
    Spelling("m", r"(?<![a-z'])([ap])\s?\.?\s?m\b(?!')\.?", r" \1m "),
    Spelling("", r"(?<=\d)\.?([ap])\b\.?(?!')", r" \1m "),
    Spelling(" p", r"(?<=:\d\d) p(?![\w'])", " pm"),
    Spelling("wait|sorry|mean|make |that|rather|actually|no,", _TAKING_BACK, " nowait "),
    Spelling(
        "not|instead of|rather than",
        rf"(?<={_OF_A_WEEKDAY}),? (?:not|instead of|rather than) (?:on )?{_WEEKDAY}[.!]?$",
        "",
    ),
    Spelling(
        "not|instead of",
        rf"^(?:not (?:on )?{_WEEKDAY},? but|instead of {_WEEKDAY},) (?=(?:on )?{_WEEKDAY})",
        "",
    ),
    Spelling(
        "-", rf"(?<=day|{_SHORT_WEEKDAYS})-(?=(?:{_SHORT_WEEKDAYS})(?:[a-z]{{0,6}}day)?\b)", " - "
    ),
    Spelling("&", "&", " and "),
    # When somebody is not free says when they would be.
    Spelling("til", r"\b(?:work|working|busy|booked|tied up) (?=(?:until|till|til) )", "not "),
    Spelling(
        "work|busy",
        rf"\b(?:i|we|he|she|i'm|we're) (?:am )?(?:work|working|works|busy) "
        rf"(?=(?:from )?{_NUMBER}\b)",
        "not ",
    ),
    Spelling(
        "get|finish|done",
        r"\b(?:gets? (?:off|out)|finish(?:es)?|(?:am|is|are|i'm) done)"
        r"(?: of)?(?: work| school| class)? at\b",
        "after",
    ),
    # Labels, and words that only sound like a time or a day.
    Spelling(":|=", r"\bday\"? ?[:=]", " "),
    Spelling(" one", r"\b(?:earlier|later) one\b", " "),
    Spelling(
        "nothing",
        r"\bnothing (?:special|serious|urgent|major|fancy|else|big|in particular)\b",
        " ; ",
    ),
    Spelling("w/c", r"\bw/c\b", "week commencing"),
    Spelling(" gone", rf"(?<={_OF_A_WEEKDAY}) gone\b", " not"),  # the last one, or one that is full
    Spelling("on the dot", r"\bon the dot\b", " "),
    Spelling("bang on", r"\bbang on\b", "at"),
    Spelling("new year", r"(?<=\band )(?:the )?new year\b(?!')", "new year's"),
    # "Three works for me", "I'll take the two": a time, if nothing else follows.
    Spelling(
        "work|suits|will do|is | be |sounds",
        rf"^(?!one )({_NUMBER}) (?=(?:works?|suits|will do|would work)\b"
        r"|(?:is|would be|sounds|will be|should be) "
        r"(?:fine|good|great|perfect|ok|okay|best|better|ideal|lovely)\b)",
        r"at \1 ",
    ),
    Spelling("go with|take", rf"\b(?:go with|i(?:'ll| will) take) (?:the )?(?={_NUMBER}\b)", "do "),
    # An offset is not what was said.
    Spelling("gmt|utc", r"\b(?:gmt|utc)\s?[+-]\d\d?(?::?\d\d)?\b", ""),
    # "Dec 3 14:30:00 2026": the year beside its date.
    Spelling(":", r"\b([a-z]{3} \d\d?) (\d\d:\d\d:\d\d(?: [a-z]{3,4})?) (\d{4})\b", r"\1 \3 \2"),
    Spelling("2m|2n|2d", r"\b2(?=morrow\b|moro\b|night\b|nite\b|day\b)", "to"),
    Spelling("in ", r"(?<=\bin )(\d{1,3}) ?m\b", r"\1 minutes"),
    Spelling("1/4", r"\b1/4 (?=past|to|after|till)", "quarter "),
    Spelling("1/2", r"\b1/2 (?=past|after)", "half "),
    Spelling("too ", r"\btoo (?:late|early|soon|far|long)\b", "not"),
    Spelling(
        "'s| is| are| be | looks",
        rf"(?<![a-z])({_WHEN})(?:'s| is| are| would be| will be| looks) (?:\w+ )?(?:{_BAD})\b",
        r"\1 not",
    ),
    Spelling(
        "out of|vacation|leave",
        r"\bout of (?:town|state|the (?:office|country))\b|\bon (?:vacation|leave)\b",
        "not",
    ),
    Spelling(
        "away",
        r"(?<!right )(?<!straight )\baway (?=on |from |until |till |all |for |\w+day\b)",
        "not ",
    ),
    Spelling("some", r"\bsome ?day (?=after|before)", "any day "),
    Spelling("one ", r"(?<!in )\bone (?:second|sec|moment)\b", " ; "),
    Spelling(" following ", r"(?<=day|eek) following (?=[a-z])", " after "),
    Spelling(
        "first|in 2|in 3",
        r"\bfirst(?=,? (?:i|we|can|could|let)\b)|(?<=\w )in [23]-?d\b(?! \d)",
        " ",
    ),
    Spelling("eod|cob", r"\b(?:eod|cob)\b", "end of the day"),
    # "About 9 to 10" is no minute of an hour, as "at 10 to 3" is.
    Spelling(
        "around|about|approx|roughly",
        r"\b(?:around|about|approx\w*|roughly) (?=\d\d? (?:to|til|till|until) )",
        " ",
    ),
    # What recurs, or is open to one side.
    Spelling(
        "once|twice|times",
        r"\b(?:once|twice|\w+ times) an? (?=(?:day|week|month|year)\b)",
        "every ",
    ),
    Spelling(
        "mornings|afternoons|evenings|nights",
        rf"(?<={_OF_A_WEEKDAY}) (?=(?:morning|afternoon|evening|night)s\b)",
        "s ",
    ),
    Spelling("as of|as from", r"\bas (?:of|from)\b", "since"),
    Spelling("from ", r"\bfrom (.{3,30}?) on(?=[.,!?]|$)", r"from \1 onward"),
    # What is counted or paid, though it sounds like a day or a time.
    Spelling(
        "first|second|third|1st|2nd|3rd",
        rf"\b(?:first|second|third|1st|2nd|3rd) (?=(?:{_COUNTED})\b)",
        " ",
    ),
    Spelling(
        "$|€|£|%|percent|dollars|euros|pounds",
        r"[$€£]\s?\d+(?:\.\d+)?|\b\d+(?:\.\d+)?\s?(?:%|(?:percent|dollars|euros|pounds)\b)",
        " ",
    ),
    Spelling("sat down|last time", r"\bsat down\b|\blast time\b(?! slot)", " "),
    Spelling("some ", rf"\bsome (?={_WEEKDAY}\b)", "nearest "),  # which is no answer to "which?"
    Spelling("or so|or thereabouts", r"\bor (?:so|thereabouts)\b", "ish"),
    # Another day, and other times, than the one being named.
    Spelling(
        "same |that d",
        r"\b(?:on )?(?:that|the)(?: very)? same (?:day|date)\b|\bthat (?:day|date)\b",
        " ",
    ),
    Spelling(
        "oh", r"\boh(?=[,!.] )|^oh (?!(?:one|two|three|four|five|six|seven|eight|nine)\b)", " "
    ),
    Spelling("not ", r"\bnot (?:right now|now|yet|at the moment|at this time|a problem)\b", " ; "),
    Spelling(
        "wait|worr|problem",
        r"\bcan(?:'t|not) wait\b|\b(?:no|not to) worr(?:y|ies)\b|\bno problem\b",
        " ; ",
    ),
    Spelling(
        "sec|moment|minute",
        r"\b(?:for|hold on|hang on|wait|gimme|give me) (?:a|one) (?:second|sec|moment|minute)\b",
        " ; ",
    ),
    Spelling("later", r"\b(?:call|ring|text|tell|see) (?:me|you|us|them)(?: back)? later\b", " ; "),
    Spelling("day off|1:1|one", r"\b(?:the|a|my) day off\b|\b1:1\b|\bone[\s-]on[\s-]one\b", " "),
    # Numbers of places and lines, and of a street.
    Spelling(
        "building|room|suite|apartment|apt|floor|ext|flight|bus|route|option",
        r"\b(?:building|room|suite|apartment|apt|floor|extension|ext|flight|bus|route|option)"
        r"\.? (?:number |no\.? |#)?\d+\b(?![:.]\d| ?[ap]\.?m| o'clock)",
        " ",
    ),
    Spelling(
        "street|ave|road|drive|lane|boulevard|blvd|court|parkway|highway",
        r"\b\d{3,5}(?: (?!(?:[ap]m?|at|on|and|or|the|in|to|by|from|for|o'clock)\b)[a-z]+){1,2}"
        r" (?:street|avenue|ave|road|drive|lane|boulevard|blvd|court|parkway|highway)\b",
        " ",
    ),
    # A new clause, which a "not" in the one before does not reach.
    Spelling(
        ", and|, but", r", (?:and|but) (?=(?:i|i'd|i'll|we|you|please|could|can|let's) )", " ; "
    ),
    Spelling("future", r"\bin the future\b", "hence"),
    Spelling("week-end", r"\bweek-end", "weekend"),
    Spelling("mid", r"\bmid[\s-]?(day|night)\b", r"mid\1"),
    Spelling("mid|late|early", r"\b(mid|late|early)(?=morning|afternoon|evening|week)", r"\1 "),
    Spelling("quarters", r"\bthree[\s-]quarters\b", "threequarters"),
    Spelling("-", r"(?<=[a-z])-(?=[a-z])", " "),
    Spelling("ish", rf"\b({'|'.join(SMALL_NUMBERS)})ish\b", r"\1 ish"),
    # Words that are months and days in other sentences.
    Spelling("may ", r"\bmay (?=(?:i|we|you|she|he|they|be|not|have|need|come|want|also)\b)", ""),
    Spelling("may|march|sat", r"\b(i|we|you|she|he|they|who) (?:may|march|sat)\b(?! \d)", r"\1"),
    Spelling("the sun", r"\bthe sun\b", ""),
    # Politeness with a "not" in it that denies nothing, and a "by" that is no limit.
    Spelling(
        "no,|no.|why|mind",
        r"\bno[,.] |\bwhy (?:don'?t|not)\b|\b(?:don'?t|do not|wouldn'?t) mind\b",
        " ",
    ),
    Spelling(" by", r"\b(come|drop|stop|swing|pop|stopping|coming) by\b", r"\1"),
    Spelling("instead|than", r"\b(?:instead of|rather than|other than)\b", "not"),
    Spelling("n't|cant|wont|dont", r"n't\b|\b(?:ca|wo|do)nt\b", " not"),
)


def respelled(text: str) -> str:
    """Lower-case text in one spelling, sentences and clauses parted by ";", asides left out."""
    for spelling in SPELLINGS:
        for clue in spelling.clues:
            if clue in text:
                text = spelling.pattern.sub(spelling.replacement, text)
                break
    return text
