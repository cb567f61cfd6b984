"""Denials: words that name something and do not ask for it.

“Not the cleaning”, “anything but the first one”, “an hour later won't work”, “is the second one
with Dr. Okafor?”. Who looks for one thing in a text does not see them, and asks here first: a
question too many costs two seconds, and what was refused is never done.
"""

import re
import unicodedata

REFUSED = re.compile(
    r"\b(?:not|never|none|neither|nor|nothing|isnt|wasnt|arent|dont|doesnt|didnt|wont|cant|cannot"
    r"|couldnt|wouldnt|except|excluding|without|unless|avoid|skip|hate|dislike|keep(?:ing)?"
    r"|leav(?:e|ing)|forget|instead of|rather than|other than|apart from|aside from|besides"
    r"|(?:every|any)(?:thing|time|day|where|one)? but|all but|any but|but|no good|no way|no use"
    r"|impossible|terrible|awful|too (?:early|late|soon|far|long|much|little)"
    r"|(?:no |not |any )?(?:more|less|later|earlier|sooner) than|at (?:least|most)"
    r"|no (?:la|el|las|los)|menos|excepto|salvo|tampoco|sauf|pas|nicht|kein\w*|au(?:ss|ß)er|nao"
    r"|exceto)\b"
)
# Said after something else, it takes that back.
CORRECTED = re.compile(
    r"\w,? (?:no|sorry|wait|i mean|i meant|actually|scratch that|make that|or rather|correction)\b"
)
ASKED = re.compile(r"^(?:so |and |um |uh )*(?:is|are|was|were|does|do|did)\b")
# Who is unable to come to it means it all the same.
UNABLE = re.compile(
    r"\b(?:cant|cannot|can not|wont|will not|couldnt|could not|didnt|did not"
    r"|(?:im |am |was |ill )?(?:not (?:be )?able to|not going to)|unable to)"
    r"(?: be able to)? (?:make|come|attend|keep|do|be|go|get|show|remember|recall)\b"
)


def plain(words: str) -> str:
    """Without case, accents and apostrophes."""
    folded = unicodedata.normalize("NFKD", words.casefold())
    bare = "".join(ch for ch in folded if not unicodedata.combining(ch))
    return " ".join(re.sub(r"['\u2018\u2019\u02bc`]", "", bare).split())


def are_in(words: str) -> bool:
    """Whether something of `words` is refused, taken back or only asked about."""
    text = plain(words)
    return any(pattern.search(text) for pattern in (REFUSED, CORRECTED, ASKED))


def name_what_is_not_meant(words: str) -> bool:
    """The same of words for a visit there is: who cannot come to it still means it."""
    return are_in(UNABLE.sub(" ", plain(words)))
