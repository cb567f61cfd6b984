"""Reasons: whether the reason to cancel a visit puts that off, or asks for something else.

Then the caller is asked once more: a visit that is cancelled may be taken by somebody else. All
patterns are searched in text that `denials.plain` has written.
"""

import re

from assistants.tools import denials

# “I don't want to cancel, but I have to” is a reason.
CANCELLING = r"cancel\w*\b(?! (?:last|late))(?!.*\b(?:but|so)\b)"
WOULD = (
    r"(?:(?:want|like|need|prefer|wish|hope|try|ask)(?:s|ed|ing)?|have|has|rather|(?:can|could|may)"
    r" (?:i|you|we)|just|please|instead) (?:\w+ )?(?:to )?"
)
# A household moves too; a visit is moved to a day.
MOVE_IT = (
    r"(?:reschedule|postpone|re ?book|(?:move|change|switch|push) (?:(?:it|this|that|them|back|up"
    r"|instead|to (?:an?(?:other)? |the )?(?:later|earlier|different|another|other|next|\w+day))\b"
    r"|(?:the|my|our|that|this) (?:\w+ ){0,2}(?:appointment|visit|cleaning|check ?up|consult\w*"
    r"|exam|slot|time|booking|day|date|one)\b))(?! (?:city|town|state|house|dentist|doctor))"
)
# Nothing is to be cancelled.
NOT_AT_ALL = (
    rf"(?:instead of|rather than) {CANCELLING}",
    rf"(?:dont|doesnt|do not|not|no need to)"
    rf" (?:(?:want|wish|going|trying|looking) (?:to |it |this |them )?)?{CANCELLING}",
    r"(?:minutes|mins|running|ill be|will be|im|bit|little) late\b",
    r"no (?:quier\w+ |l[ao]s? |me l[ao] |hay que )*cancel\w*",
    r"en (?:vez|lugar) de cancelar",
    r"(?:nicht|keinesfalls) (?:absagen|stornieren)",
    r"statt (?:abzu|zu )?\w*sagen",
)
# It is not decided, or only asked about.
NOT_YET = (
    r"what (?:would|will|does) happen|what happens",
    rf"(?:thinking|thought) (?:about|of) {CANCELLING}",
    rf"considering {CANCELLING}",
    r"undecided|todavia no",
    r"(?:to|let me|until i|till i) think (?:about|it over)|think it over",
    r"not sure (?:yet|(?:if|whether|about) .*cancel)",
    r"(?:pending|not|didnt|did not|awaiting|until) confirm\w*",
    r"asked whether|asks? (?:if|whether)|just (?:asking|wondering|checking)",
    r"cancell?ation (?:policy|fee)",
)
# It depends. “If I can't get there by ten I'd be late” is a reason.
IN_SOME_CASES = (
    r"only if|in case|unless (?!.*\bi (?:dont|do not|wont|will)\b)",
    r"^(?:(?:but|and|cancel|it) )*if (?!.*\b(?:id|ill|i (?:would|will|dont|wont)|im|its|so)\b)",
    r"if (?:you|i|we|they) (?:cant|cannot|can not|dont|do not|arent|are not|have no|couldnt)"
    r" (?:move|find|get an|get (?:in|something)|reschedule|change|offer|do|have|earlier|other)",
    r"if there(?:s| is| are) (?:nothing|no (?:\w+ )?(?:other|earlier|later|sooner|slots?|times?"
    r"|openings?|appointments?))|if there (?:isnt|arent)",
    r"(?:solo|solamente|unicamente) si|a menos que",
    r"si no (?:hay|puede\w*|se puede|tiene\w*|es posible)",
    r"nur (?:falls|wenn)",
)
# It is to be at another time, or with somebody else.
ANOTHER_INSTEAD = (
    rf"rather (?:move|reschedule|change)|{WOULD}{MOVE_IT}",
    rf"{WOULD}(?:an? |for |something )*(?:later|earlier|sooner|another|different) "
    r"(?:time|day|date|slot|appointment|one|visit)",
    r"(?:change|move|moving|switch)(?: \w+)? to (?:\w+day|tomorrow|next|\d|an? (?:later|earlier))",
    r"\w+(?:day|morning|afternoon) would (?:be better|suit|work better)|prefers? \w+day",
    r"(?:wants?|rather|prefers?)(?: to see)? (?:dr|doctor)\b",
    r"(?:prefier\w+|quier\w+|quisier\w+|necesit\w+|mejor|podemos|puedo) (?:que )?(?:l[ao] )?"
    r"(?:mover|cambiar|reprogramar|aplazar|posponer)\w*(?! de (?:dentista|doctor|clinica|medico))",
    r"(?:lieber|will|mochte|wurde) (?:\w+ ){0,2}(?:verschieben|verlegen)",
)
PUTS_OFF = re.compile(
    r"\b(?:" + "|".join([*NOT_AT_ALL, *NOT_YET, *IN_SOME_CASES, *ANOTHER_INSTEAD]) + ")"
)


def put_it_off(reason: str) -> bool:
    """Whether a reason to cancel says that nothing is to be cancelled, or only in some cases."""
    return bool(PUTS_OFF.search(denials.plain(reason)))
