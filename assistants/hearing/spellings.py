"""Spellings: one way of writing for each word, and nothing of what says nothing about when."""

import re

from .lexicon import LEXICON, SMALL_NUMBERS, WEEKDAYS

_SENTENCE_END = re.compile(
    r"((?:[a-z']{3,}|\b(?:me|it|do|so|us|is|go|ok|no|up|on|in)))[.!?;] (?=[a-z])"
)
_AFTER_A_TIME = re.compile(
    r"(?<=[\dm])[.!?;] (?=(?:i|i'[a-z]+|we|my|it|that|that's|thanks|thank|please|can|could|do)\b)"
)
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
_SPELLINGS = (
    (re.compile(r"[\u2018\u2019\u02bc\u00b4`]"), "'"),
    (re.compile(r"[\u2010-\u2015\u2212]"), "-"),
    (re.compile(r"\b(?:i|you|we|they|he|she|it)(?: a|'|)m\b"), "i "),
    (re.compile(r"\bo\s?[\"'\s]\s?clock\b"), "o'clock"),
    *(
        (re.compile(rf"\b{heard}(?= o'clock)|(?<=\bat ){heard}(?= {_MINUTES})"), meant)
        for heard, meant in _MISHEARD.items()
    ),
    (re.compile(rf"^won(?= {_MINUTES})"), "one"),
    (re.compile(rf"(?=[ap]m\b)(?:{_AFTER_AN_HOUR})"), " "),
    # "p . m .", "p.m.", "p m"; a lone letter only after a figure: "3p", "9 a."
    (re.compile(r"(?<![a-z'])([ap])\s?\.?\s?m\b(?!')\.?"), r" \1m "),
    (re.compile(r"(?<=\d)\.?([ap])\b\.?(?!')"), r" \1m "),
    (re.compile(r"(?<=:\d\d) p(?![\w'])"), " pm"),
    (re.compile(_TAKING_BACK), " nowait "),
    (
        re.compile(
            rf"(?<={_OF_A_WEEKDAY}),? (?:not|instead of|rather than) (?:on )?{_WEEKDAY}[.!]?$"
        ),
        "",
    ),
    (
        re.compile(
            rf"^(?:not (?:on )?{_WEEKDAY},? but|instead of {_WEEKDAY},) (?=(?:on )?{_WEEKDAY})"
        ),
        "",
    ),
    (
        re.compile(rf"(?<=day|{_SHORT_WEEKDAYS})-(?=(?:{_SHORT_WEEKDAYS})(?:[a-z]{{0,6}}day)?\b)"),
        " - ",
    ),
    (re.compile("&"), " and "),
    # When somebody is not free says when they would be.
    (re.compile(r"\b(?:work|working|busy|booked|tied up) (?=(?:until|till|til) )"), "not "),
    (
        re.compile(
            rf"\b(?:i|we|he|she|i'm|we're) (?:am )?(?:work|working|works|busy) "
            rf"(?=(?:from )?{_NUMBER}\b)"
        ),
        "not ",
    ),
    (
        re.compile(
            r"\b(?:gets? (?:off|out)|finish(?:es)?|(?:am|is|are|i'm) done)"
            r"(?: of)?(?: work| school| class)? at\b"
        ),
        "after",
    ),
    # Labels, and words that only sound like a time or a day.
    (re.compile(r"\bday\"? ?[:=]"), " "),
    (re.compile(r"\b(?:earlier|later) one\b"), " "),
    (
        re.compile(r"\bnothing (?:special|serious|urgent|major|fancy|else|big|in particular)\b"),
        " ; ",
    ),
    (re.compile(r"\bw/c\b"), "week commencing"),
    (re.compile(rf"(?<={_OF_A_WEEKDAY}) gone\b"), " not"),  # the last one, or one that is full
    (re.compile(r"\bon the dot\b"), " "),
    (re.compile(r"\bbang on\b"), "at"),
    (re.compile(r"(?<=\band )(?:the )?new year\b(?!')"), "new year's"),
    # "Three works for me", "I'll take the two": a time, if nothing else follows.
    (
        re.compile(
            rf"^(?!one )({_NUMBER}) (?=(?:works?|suits|will do|would work)\b"
            r"|(?:is|would be|sounds|will be|should be) "
            r"(?:fine|good|great|perfect|ok|okay|best|better|ideal|lovely)\b)"
        ),
        r"at \1 ",
    ),
    (re.compile(rf"\b(?:go with|i(?:'ll| will) take) (?:the )?(?={_NUMBER}\b)"), "do "),
    # An offset is not what was said.
    (re.compile(r"\b(?:gmt|utc)\s?[+-]\d\d?(?::?\d\d)?\b"), ""),
    # "Dec 3 14:30:00 2026": the year beside its date.
    (re.compile(r"\b([a-z]{3} \d\d?) (\d\d:\d\d:\d\d(?: [a-z]{3,4})?) (\d{4})\b"), r"\1 \3 \2"),
    (re.compile(r"\b2(?=morrow\b|moro\b|night\b|nite\b|day\b)"), "to"),
    (re.compile(r"(?<=\bin )(\d{1,3}) ?m\b"), r"\1 minutes"),
    (re.compile(r"\b1/4 (?=past|to|after|till)"), "quarter "),
    (re.compile(r"\b1/2 (?=past|after)"), "half "),
    (re.compile(r"\btoo (?:late|early|soon|far|long)\b"), "not"),
    (
        re.compile(
            rf"(?<![a-z])({_WHEN})(?:'s| is| are| would be| will be| looks) (?:\w+ )?(?:{_BAD})\b"
        ),
        r"\1 not",
    ),
    (
        re.compile(r"\bout of (?:town|state|the (?:office|country))\b|\bon (?:vacation|leave)\b"),
        "not",
    ),
    (
        re.compile(
            r"(?<!right )(?<!straight )\baway (?=on |from |until |till |all |for |\w+day\b)"
        ),
        "not ",
    ),
    (re.compile(r"\bsome ?day (?=after|before)"), "any day "),
    (re.compile(r"(?<!in )\bone (?:second|sec|moment)\b"), " ; "),
    (re.compile(r"(?<=day|eek) following (?=[a-z])"), " after "),
    (re.compile(r"\bfirst(?=,? (?:i|we|can|could|let)\b)|(?<=\w )in [23]-?d\b(?! \d)"), " "),
    (re.compile(r"\b(?:eod|cob)\b"), "end of the day"),
    # "About 9 to 10" is no minute of an hour, as "at 10 to 3" is.
    (re.compile(r"\b(?:around|about|approx\w*|roughly) (?=\d\d? (?:to|til|till|until) )"), " "),
    # What recurs, or is open to one side.
    (re.compile(r"\b(?:once|twice|\w+ times) an? (?=(?:day|week|month|year)\b)"), "every "),
    (re.compile(rf"(?<={_OF_A_WEEKDAY}) (?=(?:morning|afternoon|evening|night)s\b)"), "s "),
    (re.compile(r"\bas (?:of|from)\b"), "since"),
    (re.compile(r"\bfrom (.{3,30}?) on(?=[.,!?]|$)"), r"from \1 onward"),
    # What is counted or paid, though it sounds like a day or a time.
    (re.compile(rf"\b(?:first|second|third|1st|2nd|3rd) (?=(?:{_COUNTED})\b)"), " "),
    (
        re.compile(
            r"[$€£]\s?\d+(?:\.\d+)?|\b\d+(?:\.\d+)?\s?(?:%|(?:percent|dollars|euros|pounds)\b)"
        ),
        " ",
    ),
    (re.compile(r"\bsat down\b|\blast time\b(?! slot)"), " "),
    (re.compile(rf"\bsome (?={_WEEKDAY}\b)"), "nearest "),  # which is no answer to "which?"
    (re.compile(r"\bor (?:so|thereabouts)\b"), "ish"),
    # Another day, and other times, than the one being named.
    (
        re.compile(r"\b(?:on )?(?:that|the)(?: very)? same (?:day|date)\b|\bthat (?:day|date)\b"),
        " ",
    ),
    (re.compile(r"\boh(?=[,!.] )|^oh (?!(?:one|two|three|four|five|six|seven|eight|nine)\b)"), " "),
    (re.compile(r"\bnot (?:right now|now|yet|at the moment|at this time|a problem)\b"), " ; "),
    (re.compile(r"\bcan(?:'t|not) wait\b|\b(?:no|not to) worr(?:y|ies)\b|\bno problem\b"), " ; "),
    (
        re.compile(
            r"\b(?:for|hold on|hang on|wait|gimme|give me) (?:a|one) (?:second|sec|moment|minute)\b"
        ),
        " ; ",
    ),
    (re.compile(r"\b(?:call|ring|text|tell|see) (?:me|you|us|them)(?: back)? later\b"), " ; "),
    (re.compile(r"\b(?:the|a|my) day off\b|\b1:1\b|\bone[\s-]on[\s-]one\b"), " "),
    # Numbers of places and lines, and of a street.
    (
        re.compile(
            r"\b(?:building|room|suite|apartment|apt|floor|extension|ext|flight|bus|route|option)"
            r"\.? (?:number |no\.? |#)?\d+\b(?![:.]\d| ?[ap]\.?m| o'clock)"
        ),
        " ",
    ),
    (
        re.compile(
            r"\b\d{3,5}(?: (?!(?:[ap]m?|at|on|and|or|the|in|to|by|from|for|o'clock)\b)[a-z]+){1,2}"
            r" (?:street|avenue|ave|road|drive|lane|boulevard|blvd|court|parkway|highway)\b"
        ),
        " ",
    ),
    # A new clause, which a "not" in the one before does not reach.
    (re.compile(r", (?:and|but) (?=(?:i|i'd|i'll|we|you|please|could|can|let's) )"), " ; "),
    (re.compile(r"\bin the future\b"), "hence"),
    (re.compile(r"\bweek-end"), "weekend"),
    (re.compile(r"\bmid[\s-]?(day|night)\b"), r"mid\1"),
    (re.compile(r"\b(mid|late|early)(?=morning|afternoon|evening|week)"), r"\1 "),
    (re.compile(r"\bthree[\s-]quarters\b"), "threequarters"),
    (re.compile(r"(?<=[a-z])-(?=[a-z])"), " "),
    (re.compile(rf"\b({'|'.join(SMALL_NUMBERS)})ish\b"), r"\1 ish"),
    # Words that are months and days in other sentences.
    (re.compile(r"\bmay (?=(?:i|we|you|she|he|they|be|not|have|need|come|want|also)\b)"), ""),
    (re.compile(r"\b(i|we|you|she|he|they|who) (?:may|march|sat)\b(?! \d)"), r"\1"),
    (re.compile(r"\bthe sun\b"), ""),
    # Politeness with a "not" in it that denies nothing, and a "by" that is no limit.
    (re.compile(r"\bno[,.] |\bwhy (?:don'?t|not)\b|\b(?:don'?t|do not|wouldn'?t) mind\b"), " "),
    (re.compile(r"\b(come|drop|stop|swing|pop|stopping|coming) by\b"), r"\1"),
    (re.compile(r"\b(?:instead of|rather than|other than)\b"), "not"),
    (re.compile(r"n't\b|\b(?:ca|wo|do)nt\b"), " not"),
)


def respelled(text: str) -> str:
    """Lower-case text in one spelling, sentences and clauses parted by ";", asides left out."""
    text = _AFTER_A_TIME.sub(" ; ", _SENTENCE_END.sub(_stopped, text))
    for pattern, replacement in _SPELLINGS:
        text = pattern.sub(replacement, text)
    return text


def _stopped(end: re.Match[str]) -> str:
    """The end of a sentence as ";", unless it is the full stop of "Tues." or "Sept."."""
    token = LEXICON.get(end[1])
    shortened = token and len(end[1]) < 5 and token.kind in ("month", "weekday", "unit")
    return end[0] if shortened else f"{end[1]} ; "
