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
    r"never ?mind|(?:forget|leave|keep) (?:it|that|them|both)$|dont$|do not$",
    r"(?:keep|leave) (?:the|my|this|that) (?:appointment|visit|booking|slot)s?\b",
    r"(?:dejal|dejel|olvidal|olvidel)[ao]|mejor no$",
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
    r"undecided|(?:dont|do not) know yet|^(?:maybe|perhaps)(?:,|$)|todavia no|no se todavia",
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
    rf"(?:{WOULD}|^(?:yes |no )?|(?:look|find|search|check)(?: for)? )"
    r"(?:an? |for |something )*(?:later|earlier|sooner|an?other|different) "
    r"(?:time|day|date|slot|appointment|one|visit)",
    r"(?:change|move|moving|switch)(?: \w+)? to (?:\w+day|tomorrow|next|\d|an? (?:later|earlier))",
    r"\w+(?:day|morning|afternoon) would (?:be better|suit|work better)|prefers? \w+day",
    r"(?:wants?|rather|prefers?)(?: to see)? (?:dr|doctor)\b",
    r"(?:prefier\w+|quier\w+|quisier\w+|necesit\w+|mejor|podemos|puedo) (?:que )?(?:l[ao] )?"
    r"(?:mover|cambiar|reprogramar|aplazar|posponer)\w*(?! de (?:dentista|doctor|clinica|medico))",
    r"(?:lieber|will|mochte|wurde) (?:\w+ ){0,2}(?:verschieben|verlegen)",
)
LEFT_OPEN = re.compile(r"\b(?:" + "|".join([*NOT_AT_ALL, *NOT_YET, *IN_SOME_CASES]) + ")")
WANTS_ANOTHER = re.compile(r"\b(?:" + "|".join(ANOTHER_INSTEAD) + ")")
# Why they cannot come, and no wish.
BUSY = re.compile(
    r"(?<!can )(?<!could )(?<!may )\bi (?:already )?have (?:an?other|a different)"
    r" (?:appointment|visit|date)\b"
)
# Said although the rest puts it off, to a caller who was asked if it is to be cancelled.
CONFIRMED = re.compile(
    r"\b(?:cancel\w*|go ahead|anyway|confirm\w*|regardless|anul\w+|de todos modos|absagen"
    r"|stornieren|annul\w+)\b"
)
# A refusal and nothing else: the answer to “Do you mean that one?”.
NO = re.compile(
    r"(?:(?:no|nope|nah|nein|non|nao|never ?mind|forget (?:it|that|about it)|nothing|none|nada"
    r"|ningun[ao]|(?:just )?(?:keep|leave) (?:it|that|that one|them|both|as it is)|dont|do not"
    r"|not (?:that|this) one|not (?:really|now|today)|neither|stop|wait"
    r"|(?:deje|deja|olvide|olvida)l[ao]|esa no|danke|merci"
    r"|thanks?|thank you|gracias|please|actually|sorry|that s (?:ok|okay|fine)|its (?:ok|okay|fine)"
    r"|i (?:dont|do not)|i changed my mind|changed my mind) ?)+"
)
ONLY_COURTESY = re.compile(
    r"(?:(?:thanks?|thank you|gracias|danke|merci|please|sorry|actually) ?)+"
)
# What is no visit, and what is said of it to have it taken back.
NO_VISIT = (
    r"(?:wait(?:ing)? ?list\w*|call ?backs?|return call|lista de espera|llamada"
    r"|devolucion de llamada|warteliste|ruckruf|liste dattente)"
)
OF_NO_VISIT = re.compile(rf"\b{NO_VISIT}\b|\b(?:off|from|on) (?:the|your|that) list\b")
TAKEN_BACK = re.compile(
    rf"(?:(?:the|my|that|a|la|el|mi|our|your) )*{NO_VISIT}"
    r"(?: (?:spot|place|entry|request|for)\b.*)?"
    r"|.*\b(?:off|cancel\w*|stop\w*|remove\w*|delete|drop|withdraw|forget|quit\w+|borr\w+|sac\w+"
    r"|elimin\w+|(?:dont|doesnt|do not|no longer|not|no) (?:need|want|necesit|quier)\w*)"
    r"(?: (?:me|it|the|my|that|our|your|a|to|be|on|of|from|for|la|el|mi|de|en|estar|you))*"
    rf" (?:{NO_VISIT}|list)\b.*"
)


def put_it_off(reason: str) -> bool:
    """Whether a reason to cancel says that nothing is to be cancelled, or only in some cases."""
    text = BUSY.sub(" ", denials.plain(reason))
    return bool(LEFT_OPEN.search(text) or WANTS_ANOTHER.search(text))


def confirm(words: str) -> bool:
    """Whether words say that it is to be cancelled, whatever else they ask for."""
    text = denials.plain(words)
    return bool(CONFIRMED.search(text)) and not LEFT_OPEN.search(text)


def are_no(words: str) -> bool:
    """Whether the words are a refusal and nothing else, such as “no, never mind”."""
    text = " ".join(re.sub(r"[^\w ]", " ", denials.plain(words)).split())
    return bool(NO.fullmatch(text)) and not ONLY_COURTESY.fullmatch(text)


def name_no_visit(words: str) -> bool:
    """Whether words for a visit name a place on the waitlist or a call back instead."""
    return bool(OF_NO_VISIT.search(denials.plain(words)))


def are_of_no_visit(reason: str) -> bool:
    """Whether a reason asks to take back a place on the waitlist or a call back. “I got one from
    the waiting list” is a reason like others."""
    return bool(TAKEN_BACK.fullmatch(denials.plain(reason).strip(" .!")))
