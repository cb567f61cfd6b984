"""Spellings: each word gets one spelling, and words that say nothing about when are dropped."""

import re

from .homophones import HOMOPHONES
from .lexicon import LEXICON, NUMBERS, ORDINALS
from .other_numbers import OTHER_NUMBERS
from .refusals import REFUSALS
from .rewriting import (
    DAY_NAME,
    MONTH,
    NUMBER,
    SHORT_WEEKDAYS,
    SMALL_NUMBER,
    WEEKDAY,
    Spelling,
    rewritten,
)

_STOPS = ". |! |? |; "
_OF_A_WEEKDAY = r"[nsri]day"
# Words that take back those before them, in "Tuesday, no wait, Wednesday".
_TAKING_BACK = (
    r"(?: -+ )?\b(?:no,? wait|wait,? no|oh,? wait|(?<=[,-] )wait\b(?=,| make)"
    r"|sorry(?! (?:about|for|to|that|if)\b)|(?<!if )i meant?|make (?:it|that)"
    r"|(?:scratch|strike) that|or rather|(?:or|no,?) actually)\b|(?<=[,;-] )(?:actually\b|no,)"
)
# The same without signs around, between a day or time and the next: "nine no half past nine".
_A_WHEN = (
    rf"(?:{DAY_NAME}|{MONTH}|{NUMBER}(?:st|nd|rd|th)?|{'|'.join(ORDINALS)}|noon"
    r"|midday|o'clock|[ap]m|morning|afternoon|evening|half past|(?:a )?quarter (?:past|to))"
)
_BETWEEN_TWO = (
    rf"(?<!any )(?<!every )\b({_A_WHEN})[ ,;-]+(?:(?:oh|or|um+|uh+|er+|well)[ ,]+)*"
    r"(?:no+|nope|nah|actually|correction|pardon(?: me)?|excuse me|oops|whoops|my (?:bad|mistake)"
    r"|i take that back|rather|better|wait|hang on|hold on|let'?s say"
    r"|change (?:that|it) to)[ ,-]+(?:(?:no+|nope|sorry|wait|actually|make (?:it|that))[ ,-]+)*"
    rf"(?=(?:(?:on|at|the|this|next|in|for) )*(?:{_A_WHEN}|day after)\b)(?!one else)"
)
_VISIT = "appointment|appt|slot|opening|time|visit|date|day|one|spot|availability|thing"


def _stopped(end: re.Match[str]) -> str:
    """The end of a sentence as ";", unless it is the full stop of "Tues." or "Sept."."""
    token = LEXICON.get(end[1])
    shortened = token and len(end[1]) < 5 and token.kind in ("month", "weekday", "unit")
    return end[0] if shortened else f"{end[1]} ; "


# Signs, am and pm, and the ends of sentences.
_SIGNS = (
    Spelling("\\", r"\\[nrt]", " "),  # a line's end as a model may write it
    Spelling("\u2018|\u2019|\u02bc|\u00b4|`", r"[\u2018\u2019\u02bc\u00b4`]", "'"),
    Spelling("\u2010|\u2011|\u2012|\u2013|\u2014|\u2015|\u2212", r"[\u2010-\u2015\u2212]", "-"),
    # "Tuesday? No.", "Friday at ten, no wait."
    Spelling(
        "no|that",
        r"(?:(?<=[a-z\d])[?,;.!-]+ no+(?:pe)?|[?,;.! -]+(?:no,? wait|wait,? no"
        r"|(?:scratch|strike) that|(?:actually|sorry),? no))[.! ]*$",
        " not",
    ),
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
    Spelling("m", r"\b(?:i|you|we|they|he|she|it)(?: a|'|)m\b", "i"),
)
_HALVES = (
    # "p . m .", "p.m.", "p m"; a single letter only after a digit: "3p", "9 a."
    Spelling("m", r"(?<![a-z'])([ap])\s?\.?\s?m\b(?!')\.?", r" \1m "),
    Spelling("", r"(?<=\d)\.?([ap])\b\.?(?!')", r" \1m "),
    Spelling(" p", r"(?<=:\d\d) p(?![\w'])", " pm"),
)
# "Wednesday at two, hmm, can we do 2:30 instead": what is asked for takes the place of the first.
_INSTEAD = (
    Spelling(
        " instead",
        r"(?<=[,;] )(?:(?:um|uh|hmm+|no|well|but|actually),? )*"
        r"(?:can|could|let's|how about|what about)(?: (?:we|i|you))?"
        r"(?: (?:do|try|make it|say))? (?=[\w:' ]{1,30} instead\b)",
        "nowait ",
    ),
    Spelling(
        "better",
        r"(\d(?:st|nd|rd|th)|day|tomorrow),? (?:well,? |or )?better "
        r"(?=(?:on )?(?:the \d|[a-z]+day\b))",
        r"\1 nowait ",
    ),
)
_NEW_CLAUSES = (
    Spelling(
        ", ", r", (?=(?:how about|what about|better|rather|let's|can we|could we|can you)\b)", " ; "
    ),
    Spelling(
        "and ",
        r",? and (?=(?:please |can you |could you )*"
        r"(?:remind|text|send|e-?mail|confirm|let me know|thank|tell|put me)\b)",
        " ; ",
    ),
    # "I might be five minutes late" is said of no time.
    Spelling(
        " late",
        r"\b(?:be|run|running|come|arrive) (?:(?:a|few|couple|of|bit|little|or|to|about|maybe"
        rf"|minutes?|mins?|{SMALL_NUMBER}) ){{0,5}}late\b(?! (?:in|on|morn|after|eve))",
        " ; ",
    ),
    Spelling(
        " last ",
        r"\b(?:(?:the )?same|just|exactly)? ?(?:as|like) (?:the )?last (?:week|month|time|year)\b",
        " ",
    ),
    Spelling(
        "for ", r"\bfor (?:about|around|roughly|like|maybe) (?=[\w ]{1,12} (?:min|hour))", "for "
    ),
    Spelling(
        ", ", rf"(?<=, )(?:like|say) (?={SMALL_NUMBER}\b(?! (?:min|hour|day|week|month)))", "at "
    ),
    # "Book it for ten on Friday".
    Spelling(
        " for ",
        rf"\b(it|me|us|that|this|in|down) for (?={SMALL_NUMBER}(?::\d\d| thirty| fifteen)?"
        rf"(?: on| this| next)? {DAY_NAME})",
        r"\1 at ",
    ),
    # Beside a time it says nothing; else it is a wish.
    Spelling(
        "too |so ",
        r"^(?=.*(?:\bat (?:a |half |quarter |\d|[a-z]+(?:$|[ ,]))|\d ?[ap]m\b|\d:\d\d))"
        r"(.*?)\b(?:not|nothing) (?:too|so) (?:early|late)\b",
        r"\1 ; ",
    ),
    Spelling(
        "too |so ",
        r"(?<!'s )(?<!is )\b(?:not|nothing) (?:too|so) early\b(?: in the (?:morning|day))?",
        "not before 10 am",
    ),
    Spelling(
        "too |so ",
        r"(?<!'s )(?<!is )\b(?:not|nothing) (?:too|so) late\b(?: in the (?:afternoon|day))?",
        "not after 4 pm",
    ),
)
_MEANING_THE_SAME = (
    Spelling("wait|sorry|mean|make |that|rather|actually|no,", _TAKING_BACK, " nowait "),
    Spelling(
        "no|nah|actually|correction|pardon|excuse|oops|my |back|rather|better|wait|on |say|change",
        _BETWEEN_TWO,
        r"\1 nowait ",
    ),
    # "Friday at ten, no, the day after."
    Spelling(
        "nowait",
        rf"\b({DAY_NAME}\b(?: at [\w: ]+?)?)[ ,]*(?:nowait[ ,]*)+the day after(?: that)?(?=$|[,;])",
        r"the day after \1",
    ),
    Spelling(" no", r"\b(after|before) ([\w:]+(?: [ap]m)?),? no,? (?=\1 )", r"\1 \2 nowait "),
    # "2 a.m., sorry, p.m."
    Spelling("nowait", r"\b[ap]m[ ,]*(?:nowait[ ,]*)+(?=[ap]m\b)", ""),
)
# Asking for the soonest, on all days or on one, does not say which day.
_SOONEST = (
    Spelling(
        "avail|open|free|possible",
        r"\b(?:(?:your|the) )?(?:very )?(?:first|next|earliest|soonest) "
        r"(?:(?:available|avail|open|free|possible)|opening)\b"
        rf"(?: (?:{_VISIT})s?\b)?(?! (?:monday|week|hour)s?,? or)",
        " ",
    ),
    Spelling(
        "you|is available|comes up|there is",
        rf"\b(?:the )?(?:first|next|earliest|soonest)(?: (?:{_VISIT}))?(?: that)? "
        r"(?:you(?:'ve| have)?(?: got| have| can)?|is available|comes up|there is)\b",
        " ",
    ),
    Spelling(
        "last ",
        rf"(?<!my )(?<!our )(?<!his )(?<!her )(?<!as )\b(?:the )?last (?:{_VISIT})(?: of the day)?"
        r"(?= (?:on |of |for |this |next )*(?:\w+day|tomorrow|tonight)\b)",
        "last thing",
    ),
)
SPELLINGS = (
    *_SIGNS,
    *HOMOPHONES,
    *_HALVES,
    *_INSTEAD,
    *_NEW_CLAUSES,
    *_MEANING_THE_SAME,
    *REFUSALS,
    *OTHER_NUMBERS,
    *_SOONEST,
    Spelling(
        "-", rf"(?<=day|{SHORT_WEEKDAYS})-(?=(?:{SHORT_WEEKDAYS})(?:[a-z]{{0,6}}day)?\b)", " - "
    ),
    Spelling("&", "&", " and "),
    Spelling(
        "get|finish|done|let|off|ends|over|out",
        r"\b(?:gets? (?:off|out)|finish(?:es)?|(?:am|is|are|i) done|lets? out"
        r"|(?:i|i'm|he's|she's) off"
        r"|(?:shift|class|school|work|meeting|practice|daycare) (?:ends|is over|is out|finishes))"
        r"(?: of)?(?: work| school| class)? at\b",
        "after",
    ),
    Spelling("fortnight", rf"^fortnight (?=(?:on )?{DAY_NAME}\b)", "a fortnight "),
    Spelling("one ", r"(?<!at )(?<!day )\bone (?=(?:morning|afternoon|evening)s?\b)", "a "),
    Spelling("e day ", r"\b(?:one|some) day (?=(?:next|this|in|of) )", "any day "),
    Spelling("by any chance", r"\bby any chance\b", " "),
    # The hours of a meal, which are no wish beside them.
    Spelling(
        "lunch",
        r"\b(?:my|our|his|her) lunch(?: break| hour)?(?:'s| is| runs| goes) "
        r"(?=(?:from |at |between )?\d)",
        " ",
    ),
    Spelling("lunch", r"\blunch[ -]?(?:hour|break)\b", "lunch"),
    Spelling("better", r"\bthe (?:earlier|sooner) the better\b", " "),
    Spelling(
        "late",
        r"\b(?:as late (?:in the day )?as (?:possible|you can|you have|you've got|it gets)"
        r"|the later(?: in the day)? the better|later (?:on )?in the day|latest possible"
        rf"|the latest (?:(?:{_VISIT}) )?(?:you (?:can|have)|you've got|possible|available))\b",
        "last thing",
    ),
    Spelling("day", rf"\b(?:the )?(?:very )?last (?:{_VISIT}) (?:of|in) the day\b", "last thing"),
    Spelling("earlier in the day", r"\bearlier in the day\b", "first thing"),
    # Labels, and words that only sound like a time or a day.
    Spelling(":|=", r"(?<![a-z])(?:week)?day\"? ?[:=]", " "),
    Spelling(" one", r"\b(?:earlier|later) one\b", " "),
    Spelling(
        "nothing",
        r"\bnothing (?:special|serious|urgent|major|fancy|else|big|in particular)\b",
        " ; ",
    ),
    Spelling("w/c", r"\bw/c\b", "week commencing"),
    Spelling("on the dot", r"\bon the dot\b", " "),
    Spelling("bang on", r"\bbang on\b", "at"),
    Spelling("new year", r"(?<=\band )(?:the )?new year\b(?!')", "new year's"),
    # "Three works for me", "I'll take the two": a time, if nothing else follows.
    Spelling(
        "work|suits|will do|is | be |sounds",
        rf"^(?!one )({SMALL_NUMBER}) (?=(?:works?|suits|will do|would work)\b"
        r"|(?:is|would be|sounds|will be|should be) "
        r"(?:fine|good|great|perfect|ok|okay|best|better|ideal|lovely)\b)",
        r"at \1 ",
    ),
    Spelling(
        "go with|take",
        rf"\b(?:go with|i(?:'ll| will) take) (?:the )?(?={SMALL_NUMBER}\b)",
        "do ",
    ),
    # The offset is dropped: models write it, callers do not say it.
    Spelling("gmt|utc", r"\b(?:gmt|utc)\s?[+-]\d\d?(?::?\d\d)?\b", ""),
    # "Dec 3 14:30:00 2026": the year beside its date.
    Spelling(":", r"\b([a-z]{3} \d\d?) (\d\d:\d\d:\d\d(?: [a-z]{3,4})?) (\d{4})\b", r"\1 \3 \2"),
    Spelling("2m|2n|2d", r"\b2(?=morrow\b|moro\b|night\b|nite\b|day\b)", "to"),
    Spelling("in ", r"(?<=\bin )(\d{1,3}) ?m\b", r"\1 minutes"),
    Spelling("1/4", r"\b1/4 (?=past|to|after|till)", "quarter "),
    Spelling("1/2", r"\b1/2 (?=past|after)", "half "),
    Spelling("some", r"\bsome ?day (?=after|before)", "any day "),
    Spelling("one ", r"(?<!in )\bone (?:second|sec|moment)\b", " ; "),
    Spelling(" following ", r"(?<=day|eek) following (?=[a-z])", " after "),
    Spelling(
        "first|in 2|in 3",
        r"\bfirst(?=,? (?:i|we|can|could|let)\b)|(?<=\w )in [23]-?d\b(?! \d)",
        " ",
    ),
    Spelling("eod|cob|close", r"\b(?:eod|cob|close of (?:business|play|day))\b", "end of the day"),
    Spelling("this day", r"\bthis day (?=week|fortnight)", "today "),
    Spelling(
        "the day",
        rf"\b(?:on )?the day (?=(?:the )?\d\d?\b(?![:.])|{NUMBER} (?:of )?{MONTH})",
        "on the ",
    ),
    Spelling("the day", rf"(?:^|\b(?:for|on|in) )the day (?={WEEKDAY}\b)", "on "),
    Spelling(
        "day ", rf"(?:^|\bon |\bfor )day (?=\d\d?(?:st|nd|rd|th)? (?:of )?{MONTH})", "on the "
    ),
    Spelling("day of", rf"\b(?:the )?day of (?={WEEKDAY}\b)", ""),
    Spelling(
        "hour|time",
        r"(?<=morning|evening) (?:hours?|time)\b|(?<=afternoon) (?:hours?|time)\b"
        r"|(?<=night) (?:hours|time)\b",
        "",
    ),
    Spelling(" day", r"\b(?:a|the) (?:very )?(?:special|big|busy|long) day\b", " "),
    Spelling("wan't", r"\bwan't\b", "want"),
    Spelling("time ", r"\btime (?=(?:night|evening|morning|afternoon) \d)", " "),
    Spelling("_", "_", " "),
    # "The closest you have to two", "as near as possible to noon".
    Spelling(
        "close|near",
        r"\bas (?:close|near) to ([\w:. ]{1,20}?) as (?:possible|you can)\b",
        r"around \1",
    ),
    Spelling(
        "close|near",
        r"\b(?:the |as )?(?:close|near|closest|nearest)(?: (?:one|time|slot|thing|as possible"
        r"|you(?: have|'ve got| got)))* to (?=\d|noon|midday|lunch|half|a? ?quarter"
        rf"|(?:{SMALL_NUMBER})\b)",
        "around ",
    ),
    # "About 9 to 10" is a period, while "at 10 to 3" is a time.
    Spelling(
        "around|about|approx|roughly",
        r"\b(?:around|about|approx\w*|roughly) (?=\d\d? (?:to|til|till|until) )",
        " ",
    ),
    # Words for recurring days and for open periods.
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
    Spelling("sat down|last time", r"\bsat down\b|\blast time\b(?! slot)", " "),
    Spelling("some ", rf"\bsome (?={WEEKDAY}\b)", "nearest "),  # not an answer to "which?"
    Spelling("or so|or thereabouts", r"\bor (?:so|thereabouts)\b", "ish"),
    # Another day or time than the one being named.
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
        r"\b(?:for|hold on|hang on|wait|gimme|give me|just) "
        r"(?:(?:a|one|two|three|\d|a few|a couple|a couple of|few) )?"
        r"(?:second|sec|moment|minute)s?\b(?! from| late| after)",
        " ; ",
    ),
    Spelling("later", r"\b(?:call|ring|text|tell|see) (?:me|you|us|them)(?: back)? later\b", " ; "),
    Spelling("day off|1:1|one", r"\b(?:the|a|my) day off\b|\b1:1\b|\bone[\s-]on[\s-]one\b", " "),
    # A new clause: a "not" in the clause before does not apply to it.
    Spelling(
        ", and|, but", r", (?:and|but) (?=(?:i|i'd|i'll|we|you|please|could|can|let's) )", " ; "
    ),
    Spelling("future", r"\bin the future\b", "hence"),
    Spelling("week-end", r"\bweek-end", "weekend"),
    Spelling("mid", r"\bmid[\s-]?(day|night)\b", r"mid\1"),
    Spelling("mid|late|early", r"\b(mid|late|early)(?=morning|afternoon|evening|week)", r"\1 "),
    Spelling("quarters", r"\bthree[\s-]quarters\b", "threequarters"),
    Spelling("-", r"(?<=[a-z])-(?=[a-z])", " "),
    Spelling("ish", rf"\b({'|'.join(NUMBERS)})ish\b", r"\1 ish"),
    # Words that name months and days in other sentences.
    Spelling("may ", r"\bmay (?=(?:i|we|you|she|he|they|be|not|have|need|come|want|also)\b)", ""),
    Spelling("may|march|sat", r"\b(i|we|you|she|he|they|who) (?:may|march|sat)\b(?! \d)", r"\1"),
    Spelling("the sun", r"\bthe sun\b", ""),
    # Polite phrases in which "not" denies nothing, and phrases in which "by" is not a bound.
    Spelling(
        "no,|no.|why|mind",
        r"\bno[,.] |\bwhy (?:don'?t|not)\b|\b(?:don'?t|do not|wouldn'?t) mind\b",
        " ",
    ),
    Spelling("by ", r"\bby (?=e-?mail|text|phone|sms|message|mail)", ""),
    Spelling(" by", r"\b(come|drop|stop|swing|pop|stopping|coming) by\b", r"\1"),
    Spelling("instead|than", r"\b(?:instead of|rather than|other than)\b", "not"),
    Spelling("n't|cant|wont|dont", r"n't\b|\b(?:ca|wo|do)nt\b", " not"),
)


def respelled(text: str) -> str:
    """Lower-case text in one spelling, sentences and clauses separated by ";", asides left out."""
    return rewritten(text, SPELLINGS)
