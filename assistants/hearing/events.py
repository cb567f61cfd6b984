"""Events: what somebody does on a day, or what happened on it, written as "not".

"My son graduates on Friday" and "my crown fell out on Tuesday" name no day that is wanted. A verb
of wishing ("my son needs Friday") is left alone. `sentences` asks about a day with a "not".
"""

from .rewriting import A_DAY, DAY_NAME, Spelling

# Somebody other than the caller. "The next cleaning" is a visit, so it does not count.
_OTHERS = r"(?:he|she|they|it|(?:my|our|his|her|the) (?!last\b|next\b|first\b)[a-z]+)"
# Verbs of a wish or of what was said; and plurals, which look like verbs.
_NO_EVENT = (
    "needs?|wants?|likes?|prefers?|hopes?|hurts?|aches?|says?|thinks?|feels?|looks?|seems?|needed"
    "|wanted|preferred|hoped|asked|suggested|recommended|requested|scheduled|booked|referred"
    "|sounds?|suits?|shows?|lists?|mentioned|comes?|sees?|opens?|asks?|requires?|plans?|tries"
    "|loves?|was|has|does|is|this|us|yes|as|its|less|plus|thanks|minutes|hours|days|weeks|months"
    "|years|kids|twins|teeth|braces|stitches|tests|labs|results|glasses|contacts|shots|vaccines"
    "|gums|appointments|slots|times|openings|mornings|afternoons|evenings|[a-z]+days|works"
    "|physicals|fillings|crowns|xrays|rays|sports"
)
_HAPPENED = r"[a-z]{2,}ed|[a-z]{2,}s|fell|broke|got|went|left|came|hurt|began|lost|had|took|flew"
# What the caller did: any verb in the past, but those of a wish or of a booking.
_DID = (
    r"(?!need\b|(?:need|want|wonder|hop|prefer|lik|ask|request|tri|plann?|look|schedul|notic"
    r"|check|decid|pick|mention|mov|confirm|agre|discuss|receiv|suppos|hopp|interest|book|excit"
    r"|reli|pleas|prepar|allow|offer|promis|chang|reschedul|cancel|cancell|switch|open)ed\b)"
    r"[a-z]{2,}ed"
    r"|saw|came in|went|fell|broke|met|spoke|was seen|was there|was in|were there|were in|lost"
    rf"|took|felt|hurt|threw|woke|cut|bit|had(?! (?:on |this |next |the )*{DAY_NAME})"
)
_DOES = (
    "graduate|move|host|coach|fast|race|compete|perform|preach|volunteer|carpool|golf|bowl|play"
    "|sing|close|start|begin|return|go back"
)
_WISHING = (
    "(?:look|hop|try|think|wonder|call|want|ask|plan|com|lean|request|book|schedul|confirm"
    "|reschedul|chang|check|follow|need|driv|suggest|say|pick|choos|bring|prefer|aim|go|see"
    "|evening|morn|shoot|open|hav|tak|get|mak|wait|start|do)ing"
)
_TO_COME = (
    "come|be|see|have|need|want|take|do|go|try|say|book|make|get|pick|choose|return|follow"
    "|reschedule|move|change|cancel|stick|check|wait|bring|ask|schedule|confirm|keep|set"
)
_A_FEW_WORDS = (
    r"(?: (?!(?:can|could|so|and|but|or|would|please|is|are|if|that|until|till|about|for|to|by"
    r"|before|after|from)\b)[a-z']+\.?){0,4}?"
)
# The words after the day are about the day: "I noticed Tuesday is open".
_NO_SUBJECT = (
    r"(?![a-z]* (?:is|works?|would|looks?|sounds?|seems?|(?:might|could|can) (?:work|be|do|fit))\b)"
)
_ON_A_DAY = rf"{_A_FEW_WORDS} (?={A_DAY}){_NO_SUBJECT}"

EVENTS = (
    Spelling(
        "",
        rf"\b(?!the [a-z]+ starts?\b){_OTHERS}(?: [a-z]+ly)? (?!(?:{_NO_EVENT})\b)"
        rf"(?:{_HAPPENED})\b{_ON_A_DAY}",
        "not ",
    ),
    Spelling("i |we ", rf"\b(?:i|we) (?:{_DID})\b{_ON_A_DAY}", "not "),
    Spelling("i |we ", rf"\b(?:i|we) (?:{_DOES})(?! over| up| to the)\b{_ON_A_DAY}", "not "),
    Spelling(
        "i |'re |'s |we are|be ",
        r"\b(?:i|we're|we are|i'll be|we'll be|he's|she's)(?: all| fully| pretty| really| so"
        r"| already| double| totally)* (?:booked|tied up|swamped|slammed|occupied|committed|stuck"
        r"|jammed|packed|moving|graduating|hosting|fasting|quarantining)(?: up| solid)? "
        rf"(?={A_DAY})",
        "not ",
    ),
    Spelling(
        "the car|the truck|the van",
        r"\b(?:needs|takes|borrows|uses|has|is using|is taking) the (?:car|truck|van) "
        rf"(?={A_DAY})",
        "not ",
    ),
    # "My parents are visiting on Saturday", "the car is in the garage Monday".
    Spelling(
        "ing |in |at |due|gone|away|down|out|sick",
        rf"\b(?:{_OTHERS}(?: is| are|'s| will be)|(?:he|she)'s|they're"
        r"|(?:i|we're|we are|i'll be|we'll be)(?= (?:[a-z]+ )?[a-z]+ing\b))"
        rf"(?: [a-z]+ly| all| also| still)? (?:(?!{_WISHING}\b)[a-z]+ing"
        r"|(?:in|at) (?!town\b|pain\b)[a-z]+|being [a-z]+|due|gone|away|out|down|sick)\b"
        rf"{_ON_A_DAY}",
        "not ",
    ),
    Spelling(
        "supposed to|scheduled to|have to|has to|got to|going to|gonna",
        r"\b(?:i|we|he|she|they|we're|we are|he's|she's)(?: are| is)? (?:supposed to|scheduled to"
        rf"|have to|has to|got to|going to(?: the)?|gonna) (?!(?:{_TO_COME})\b)[a-z]+"
        rf"{_A_FEW_WORDS} (?={A_DAY})",
        "not ",
    ),
    Spelling(
        "back|return|land|arriv",
        r"\b(?:(?:i|we|he|she|they)(?:'re| get| gets| is| are)? back"
        r"|(?:i|we|he|she|they) (?:returns?|lands?|arrives?))(?! pain| ache)"
        rf"{_A_FEW_WORDS} (?={A_DAY})",
        "not ",
    ),
    Spelling(
        "when |the day |because ",
        rf"\b({DAY_NAME})(?:'s| is| are) (?:when|the day|because) (?:i|we|my|our|he|she|they)\b"
        r"(?!(?:'d|'ll)? (?:free|off|available|open|can|could|would|want|need|prefer|like|have off"
        r"|have time|have free|get off)\b)",
        r"\1 not ",
    ),
    Spelling(
        " i |i'll be| we",
        r"(?<=day),? (?:i|we|we're|we are|i'll be|we'll be)(?: all| also)? (?:away|out|busy|gone"
        r"|traveling|travelling|working|unavailable|booked|tied up|move|moving|host|hosting|fly"
        r"|flying|leave|leaving)\b",
        " not",
    ),
)
