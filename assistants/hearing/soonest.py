"""Soonest: words that ask for the earliest free time, and for nothing else."""

import re

from . import languages
from .lexicon import FILLERS, listed
from .words import LONGEST

_EARLY = "(?:soon|early|quick(?:ly)?|fast)"
_VISIT = (
    "appointment|appt|slot|opening|time|visit|date|day|one|spot|availability|thing|anything"
    "|something"
)
_FREE = rf"\ (?:available|avail|open|free|possible|{_VISIT})"
_YOU_HAVE = (
    r"\ (?:that\ )?(?:you(?:'ve|\ have)?(?:\ got|\ can)?|is|there\ is|comes\ up|works)"
    r"(?:\ (?:available|free|open|offer|do|give\ me))?"
)
_WORDS = re.compile(
    rf"""\b(?:
      (?:as\ )?{_EARLY}\ as\ (?:possible|you\ can|we\ can|i\ can|it\ can|you've\ got
        |you\ have|can\ be)
    | asap | a\.s\.a\.p\.? | (?:right|straight)\ away | immediately | at\ once
    | (?:the\ |your\ )?(?:very\ )?(?:(?:soonest|earliest|next)(?:{_FREE})*|first(?:{_FREE})+)
        (?:{_YOU_HAVE})?
    | (?:the\ |your\ )?(?:very\ )?first{_YOU_HAVE}
    | whenever(?:\ (?:you|is|works|it|suits|there's|there\ is|possible|convenient|that)
        (?:\ (?:have|can|like|want|are|is|you|works|suits|possible|fine|free|open|available
        |convenient|something|anything|an\ opening|ready|best|good|easiest|for))*)?
    | (?:at\ )?any(?:\ ?time|\ ?day|\ moment)(?:\ (?:at\ all|is\ (?:fine|good|ok|okay)|works))?
    | any(?:thing)? | flexible | anything(?:\ (?:works|is\ fine|you\ have|goes))?
    | (?:i'm|i\ am|we're)\ (?:very\ |totally\ |pretty\ )?(?:flexible|easy|open|available|free)
    | (?:i|we)?\ ?(?:don't|do\ not|dont)\ (?:really\ )?(?:mind|care)
    | (?:it\ )?(?:doesn't|does\ not)\ matter | no\ preference | i'm\ not\ (?:picky|fussy)
    | what(?:ever)?(?:'s|\ is)?(?:\ (?:do\ )?you\ have|\ is)?\ (?:the\ )?
        (?:soonest|earliest|first|next|available|works|you\ have|you've\ got)
    )(?![\w'])""",
    re.VERBOSE,
)
# Words that are allowed beside it, since they say nothing about a day.
_NEUTRAL = FILLERS | frozenset(
    listed(
        "i i'd i'm i'll we we'd would could can may do does like love want need to get see be come "
        "in have take book make schedule an a the for it is it's that that's and or but your you "
        "me us him her my our his appointment appt slot opening visit time date day one spot "
        "cleaning checkup anything something with somebody someone anyone anybody dr doctor "
        "whichever whatever works fine good great ok okay up out if at all available open free got "
        "son daughter kid child wife husband mother father mom dad thing possible there any give "
        "of this as soon early when what's what is are really very on calling new patient today's"
    )
)


def asks_soonest(text: str) -> bool:
    """Whether a text, in English or another known language, asks for the soonest free time.

    All other words must say nothing about a day: "as soon as possible after my surgery" does not
    count, nor does a text with an unknown word.
    """
    if len(text) > LONGEST:
        return False
    plain = " ".join(text.lower().replace("\u2019", "'").split())
    rest, found = _WORDS.subn(" ", plain)
    if found and all(word in _NEUTRAL for word in re.findall(r"[\w']+", rest)):
        return True
    return languages.asks_soonest(plain)
