"""Denials: words that name something and do not ask for it.

“Not the cleaning”, “anything but the first one”, “an hour later won't work”, “is the second one
with Dr. Okafor?”. Code that looks for a name in a text asks here first, since it does not see the
denial. An unneeded question costs two seconds; doing what was refused is worse.
"""

import re
from contextlib import suppress

from assistants import hearing
from assistants.hearing import NotUnderstood
from bookings.accents import without_accents

REFUSED = re.compile(
    r"\b(?:not|never|none|neither|nor|nothing|isnt|wasnt|arent|dont|doesnt|didnt|wont|cant|cannot"
    r"|couldnt|wouldnt|except|excluding|without|unless|avoid|skip|hate|dislike|keep(?:ing)?"
    r"|leav(?:e|ing)|forget|instead of|rather than|other than|apart from|aside from|besides"
    r"|(?:every|any)(?:thing|time|day|where|one)? but|all but|any but|but|no good|no way|no use"
    r"|impossible|terrible|awful|too (?:early|late|soon|far|long|much|little)"
    r"|(?:no |not |any )?(?:more|less|later|earlier|sooner) than|at (?:least|most)"
    r"|no (?:la|el|las|los))\b"
)
# Said after something else, it takes that back.
CORRECTED = re.compile(
    r"\w,? (?:no|sorry|wait|i mean|i meant|actually|scratch that|make that|or rather|correction)\b"
)
ASKED = re.compile(
    r"^(?:so |and |um |uh |well )*(?:is|are|was|were|does|do|did|should|shall|have (?:i|you)|has"
    r"|may i|when|where|why|who|whose|which (?:one )?is|how (?!about\b)|what (?!about\b))\b"
    r"|^[\xbf ]*(?:y |pero |entonces )*(?:(?:me |le |les )?(?:tienen?|tendran?|tendria"
    r"|queda (?:algo|alguna|libre)|hay(?! que)|habra|habria|estaria|seria)|a que hora"
    r"|que (?:dia|hora)s?|cuando|cual|donde)\b"
    r"|^(?:haben sie|hatten sie|gibt es|ware|ist) (?:(?:am|um|der|es|das|noch|was|etwas)\b)"
)
# It is to be done in some cases, or may be. “If possible” is mere courtesy.
POLITE = (
    r"(?:at all )?(?:(?:its|it is|thats|that is|theyre|youre|you are) )?(?:at all |still )?"
    r"(?:possible|available|free|open|okay?|alright|fine|you (?:can|could|dont mind|have (?:it|one|"
    r"that|anything))|i (?:may|can|could|might)|we (?:may|can|could)|(?:it|that) works"
    r"|not too much trouble|you please)\b"
)
CONDITIONAL = re.compile(
    rf"\b(?:(?:only|just|even) if|if(?! {POLITE})|unless|as long as|so long as|provid(?:ed|ing)"
    r"|assuming|suppos(?:e|ing)|depend(?:s|ing)|in case|on (?:the )?condition|until i (?:know|hear)"
    r"|once i (?:know|hear)|might(?! (?:be|run)(?: \w+){0,4} late\b)"
    r"|not (?:\w+ )?(?:sure|certain)|unsure"
    r"|either|or (?:the other|another|any\w*|some\w*|what\w*|which\w*)"
    r"|thinking of|otherwise|failing that|or else|at (?:least|most)"
    r"|(?:solo|solamente|seulement) si|si (?:hay|no|mi|tengo|hace|jai|mon|ma|elle|il|y a)"
    r"|a menos que|a no ser que|siempre que|quizas?|tal vez|a lo mejor"
    r"|wenn (?!moglich|es geht)|falls(?! moglich)|sofern|vielleicht|eventuell"
    r"|a moins|peut[- ]etre|a condition|(?:so|somente) se|se (?:nao|houver|tiver|eu|meu|minha)"
    r"|talvez|caso)\b"
)
# What a caller wants to know or to settle before.
FIRST = re.compile(
    r"\b(?:let me (?:think|check|ask)|think (?:about|it over)|(?:check|talk|speak) (?:with|to) my"
    r"|(?:call|phone|ring|get) (?:you )?back|get back to you|pending"
    r"|(?<!and )(?<!and please )remind me|tell me about"
    r"|costs? (?:more|less|extra)|how much)\b"
)
# Beside a complete day and time these words are only politeness.
HEDGED = re.compile(r"\b(?:maybe|perhaps|possibly)\b")
# Words that say that a time was, or will not be.
OVER = re.compile(
    r"\b(?:(?:was|were)(?! (?:hoping|thinking|wondering|looking|going))|had(?! (?:hoped|wanted))"
    r"|(?<=[\w,.?]) (?:actually |well )?no$|opposite of|no es"
    r"|scratch that$|no good|no use|no way|impossible|terrible|awful|hate|cancel(?:l?ed|l?ing)?"
    r"|nope|(?:nah|change that|correction|on second thoughts?)$"
    r"|forget (?:it|that|about)|clash(?:es|ing)?|delete|(?:at work|i teach|my shift starts)$"
    r"|i (?:already have|(?:already )?have (?:a|an|another) (?:call|meeting|class|lesson|shift)"
    r"|have therapy)|(?:wife|husband|partner|son|daughter|mother|father|mom|mum|dad) has"
    r"|some(?:body|one) else|any(?:body|one) else)\b"
)
# The beginning of a time, as it is said.
A_CLOCK = (
    r"(?:\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midday|half past"
    r"|quarter)\b)"
)
# What the caller, or somebody of theirs, has to do at that time; and a time that is not the first
# choice.
BUSY = re.compile(
    r"\b(?:(?<!when )i (?:start|finish|leave|teach|get (?:off|out)|drop off|pick up)"
    r"|i (?:have|need|got) to (?:pick|drop|be (?:at|in (?!and))|leave|work|go to)"
    r"|i (?:have|need|got) to take (?:my|the|him|her|them)"
    r"|(?<!because )im (?:busy|working|teaching|flying|travell?ing|away|out of town|unavailable)"
    r"|im (?:at (?:work|school|church)|on (?:shift|a (?:call|plane|flight)))(?! (?:right )?now)"
    r"|im in (?:class|court|school|training|surgery|meetings|a meeting|a call)(?! (?:right )?now)"
    rf"|(?:my|our|his|her|their) (?:(?!time|preference|choice|pick|day|slot|appointment|visit|best"
    rf"|one)\w+ ){{1,3}}(?:is|are|starts?|begins?|ends?) (?:at|on) (?={A_CLOCK})"
    r"|(?:my|our|his|her) (?:wife|husband|partner|son|daughter|boss|mom|mum|dad) works"
    r"|(?:the )?(?:funeral|wedding|recital|court|church|rehearsal|ceremony)s? (?:is |starts )?at"
    r"|is when i(?:m| (?:work|teach|have|get (?!off|out)|pick|drop|start|go))"
    r"|is (?:my|our|his|her) (?!prefer|favou?rite|first|best|only|usual|ideal|pick|choice|day|time"
    r"|top|next)"
    r"|i have (?:class|school|work|court|church|practice|rehearsal)"
    r"|i have (?:an?|another)\b.* already|(?:second|third|last) choice|backup|back up|plan b"
    r"|fallback)"
)
# A time that is certainly one: “at ten”, “2 pm”, “10:30”.
AT_A_TIME = re.compile(
    rf"\bat {A_CLOCK}|\b\d{{1,2}} ?[ap]\.?m\b|\d:\d\d"
    r"|\b(?:noon|midday|half past|quarter (?:past|to))\b"
)
# Before a time that a caller would like, these words say that it is not that one.
UNWANTED = re.compile(r"\b(?:not|never|no|except|excluding|without|avoid|skip|but)\b")
REFUSED_ABROAD = re.compile(
    r"\b(?:en (?:vez|lugar) de|em vez de|au lieu d\w|a la place d\w|plutot que|(?:an)?statt"
    r"|niemals|nicht|kein\w*|ohne|ausser|jamais|pas|sauf|hormis|sans|nunca|jamas|excepto|salvo"
    r"|menos|sin|tampoco|no (?:puedo|quiero|me)|nao|exceto|ni|weder)\b"
)
# "I can't come to the Wednesday one" still means that visit.
UNABLE = re.compile(
    r"\b(?:cant|cannot|can not|wont|will not|couldnt|could not|didnt|did not"
    r"|(?:im |am |was |ill )?(?:not (?:be )?able to|not going to)|unable to)"
    r"(?: be able to)? (?:make|come|attend|keep|do|be|go|get|show|remember|recall)\b"
)
APOSTROPHES = str.maketrans("", "", "'\u2018\u2019\u02bc`")


def plain(words: str) -> str:
    """The words in lower case, without accents and apostrophes."""
    return " ".join(without_accents(words.casefold()).translate(APOSTROPHES).split())


def are_in(words: str) -> bool:
    """Whether something of `words` is refused, taken back or only asked about."""
    text = plain(words)
    signs = (REFUSED, REFUSED_ABROAD, CORRECTED, ASKED, CONDITIONAL, HEDGED)
    return any(pattern.search(text) for pattern in signs)


def refuse(words: str) -> bool:
    """Whether the one thing that `words` name is refused, or put under a condition; a correction is
    left to `hearing`."""
    text = plain(words)
    signs = (REFUSED, REFUSED_ABROAD, CONDITIONAL)
    is_asked = text.endswith("?") and ASKED.search(text)
    return bool(is_asked) or any(pattern.search(text) for pattern in signs)


def begin_with_one(words: str) -> bool:
    """As `refuse`, for text with an e-mail address: counts only words before the address."""
    text = plain(words)
    signs = (REFUSED, REFUSED_ABROAD, CONDITIONAL, HEDGED)
    first, *rest = text.split(" ", 1)
    return bool(rest) and (first == "no" or any(pattern.match(text) for pattern in signs))


def leave_it_open(words: str) -> bool:
    """Whether `words` for a time are a question, a condition, or tell of what comes first, so that
    no time is chosen yet."""
    text = plain(words)
    return any(pattern.search(text) for pattern in (ASKED, CONDITIONAL, FIRST))


def are_of_no_time_to_come(words: str) -> bool:
    """Whether `words` for a time say that it was, or that it is not wanted, in a manner that
    `hearing` leaves out: it knows denials of days, and those of a language it has translated."""
    text = plain(words)
    if OVER.search(text) or is_of_a_busy_time(text):
        return True
    with suppress(NotUnderstood):
        return hearing.in_english(words) is None and bool(REFUSED_ABROAD.search(text))
    return False


def is_of_a_busy_time(text: str) -> bool:
    """Whether the one time in a plain text is one at which the caller has to be elsewhere. “At
    nine, I have to leave by ten” names another as well."""
    busy = BUSY.search(text)
    if busy is None:
        return False
    clause = re.split(r"[,;.](?!\d)", text[busy.start() :], maxsplit=1)[0]
    rest = text.replace(clause, " ")
    return not (re.search(A_CLOCK, clause) and AT_A_TIME.search(rest))


def speak_against(words: str) -> bool:
    """Whether the time in `words` is refused, or is one at which the caller is busy."""
    text = plain(words)
    return bool(UNWANTED.search(text) or is_of_a_busy_time(text) or OVER.search(text))


def name_what_is_not_meant(words: str) -> bool:
    """As `are_in`, for words about an existing visit: a caller who cannot come to it still means
    it."""
    return are_in(UNABLE.sub(" ", plain(words)))
