"""Refusals: words for a day that is not wanted, or not free, are rewritten as "not".

`sentences` asks about a day with a "not" in its clause. A needless question costs two seconds.
"""

from .events import EVENTS
from .rewriting import A_DAY, DAY_NAME, NUMBER, WEEKDAY, Spelling

_BAD = (
    "bad|no good|out|impossible|tricky|hard|difficult|tough|tight|full|booked|packed|terrible|worse"
    "|taken|off the table|off limits|hectic|awful|horrible|crazy|insane|a mess|a problem"
    "|a no[ -]go|a nightmare|a (?:hard |definite |big )?no|out of the question|right out"
    "|a non[ -]?starter|a wash|a bust|spoken for|swamped|slammed|no use|off|iffy|problematic"
    "|challenging|rough|busy|busiest|worst|jammed|chaotic|brutal|risky|unlikely|doubtful|conflict"
    "|clash|taken|no fun|a no-?no|trouble"
)
_DEGREE = (
    "(?:a|an|the|my|our|bit|little|kind|kinda|sort|of|pretty|really|too|so|just|very|super|already"
    "|always|usually|quite|gonna|going|to|be|all|fully|totally|completely|absolutely|probably"
    "|getting|looking|definitely|also|[a-z]+ly)"
)
_WHEN = (
    rf"{WEEKDAY}s?|tomorrow|today|week|(?:morning|afternoon|evening)s?|[ap]\.?m\.?"
    r"|\d(?:st|nd|rd|th)?"
)
_SOMEBODY = r"(?:i|we|he|she|they|my [a-z]+|our [a-z]+)"
# Things one can "have" on a day without being busy: "I have time on Tuesday".
_HAD_ALL_THE_SAME = (
    r"got|time|appointments?|appt|visits?|slots?|openings?|availability|free|off|nothing|cleaning"
    r"|check-?up|sessions?|consult(?:ation)?|insurance|questions?|pain|ache|been|come|preference"
    r"|reschedule|move|change|book|cancel|see|seen|flexib\w+|only|until|till|til|after|before|from"
    r"|and|can|could|so|at|in|since|for|reservation|table|hour|hours|minutes|follow"
)
_A_NOUN = rf"(?:(?!(?:{_HAD_ALL_THE_SAME})\b)[a-z']+ ){{1,4}}?"
_BUSINESS = (
    "flight|train|plane|ferry|trip|wedding|funeral|court|jury duty|exam|lecture|shift"
    "|interview|recital|graduation|conference|cruise|honeymoon|birthday|anniversary"
)
_DOING = (
    "works?|working|fly|flying|flies|travel(?:s|l?ing)?|leav(?:e|es|ing)|teach(?:es|ing)?"
    "|babysit(?:ting)?|volunteer(?:s|ing)?|study(?:ing)?|driv(?:e|es|ing)"
)

_THE_ONE_AFTER = (
    r"(?:on )?the (?:following|next|one after|week after|after)"
    rf"(?: one| that| this| week| that one| {WEEKDAY})?(?=$|[ ,.!?])(?! [a-z]+day)"
)

_TIME = rf"(?: at {NUMBER}(?::\d\d)?(?: ?[ap]\.?m\.?)?)?"
_REFUSED = (
    rf"(?:on |this |next |the |that )*{DAY_NAME}{_TIME}(?: (?:i|we)(?: really)?"
    r" (?:can't|cannot|can not|cant)(?: (?:do|make|come|manage)(?: it| that)?)?"
    r"| (?:doesn't|does not|won't|will not) (?:work|do|suit)(?: for me)?"
    r"| (?:isn't|is not) (?:possible|good)| is (?:no good|impossible|bad|out))"
    r"|(?:i|we)(?: really)? (?:can't|cannot|can not|cant)(?: (?:do|make|come|manage))?"
    rf"(?: it)? (?:on |this |next )*{DAY_NAME}{_TIME}"
)
_INSTEAD = (
    r"(?:(?:but|so|then|i'd) )*(?:better|rather|preferably|instead|make it|let's (?:do|say|make it)"
    r"|how about|what about)(?: on| make it)? "
)
_IS_BETTER = (
    rf"(?=(?:but )?(?:on )?{DAY_NAME}{_TIME} (?:instead\b|(?:is|works|would be|suits me|'d be)"
    r" (?:fine|better|good|great|ok|okay|possible|perfect|best)\b))"
)

REFUSALS = (
    # "Tuesday I can't. Better Wednesday.": one day instead of another, in two sentences.
    Spelling(
        "can't|cannot|can not|cant|work| do|suit|isn't|is ",
        rf"\b(?:{_REFUSED})[ .,;!]+(?:{_INSTEAD}(?=(?:this |next )?{DAY_NAME})|{_IS_BETTER})",
        "",
    ),
    Spelling("never", rf"\bnever ?mind (?=(?:about )?{A_DAY})", "not "),
    Spelling("n't forget", r"\bdon't forget\b", ""),
    # A "not" that is about something else than the day.
    Spelling(
        "matter|care|mind|bother|nvm",
        r"\b(?:does(?:n't| not)|do(?:n't| not)|doesnt|dont) (?:really |even )?"
        r"(?:matter|care|bother)\b(?! for)|\bno matter\b|\b(?:never ?mind|nvm)\b",
        " ; ",
    ),
    Spelling(
        "rush|hurry|urgent|emergency|picky|fuss|preference",
        r"\b(?:there's |i in )?(?:no|not) (?:an? |any |particularly |real |really |super |that )?"
        r"(?:rush|hurry|urgent|emergency|picky|fuss(?:ed|y)?|preferences?)\b",
        " ; ",
    ),
    Spelling(
        "if it|if that|if you",
        r"\bif (?:it|that)(?:'s| is) not (?:a |too )?"
        r"(?:much )?(?:trouble|bother|problem|early|late|soon)\b"
        r"|\bif (?:you're|you are) not (?:too )?busy\b",
        " ; ",
    ),
    # "Not this Tuesday but the following one".
    Spelling(
        "not ",
        rf"\bnot (?:this |the |this coming |coming )?({WEEKDAY}),? "
        rf"(?:but |more like )?{_THE_ONE_AFTER}",
        r"\1 after next",
    ),
    Spelling("not this ", rf"\bnot this week,? (?:but )?{_THE_ONE_AFTER}", "next week"),
    Spelling("not next ", rf"\bnot next week,? (?:but )?{_THE_ONE_AFTER}", "week after next"),
    Spelling(
        "not this ",
        rf"\bnot this (?:coming )?(?:{WEEKDAY}|week|weekend|month),? (?:but )?"
        r"(?=(?:on )?(?:the )?next)",
        "",
    ),
    Spelling(
        "not tomorrow",
        r"\bnot tomorrow,? (?:but )?the (?:day after|next day|following day)"
        r"(?: that)?\b(?! tomorrow)",
        "day after tomorrow",
    ),
    Spelling(
        "not|instead of|rather than",
        rf"(?<=[nsri]day),? (?:not|instead of|rather than) (?:on )?{WEEKDAY}[.!]?$",
        "",
    ),
    Spelling(
        "not|instead of",
        rf"^(?:not (?:on )?{WEEKDAY}(?:,? but|, rather)|instead of {WEEKDAY},)"
        rf" (?=(?:on )?{WEEKDAY})",
        "",
    ),
    # Words that mean "not".
    Spelling(
        "",
        r"\b(?<!don't )(?<!not )(?<!never )(?:avoid(?:ing)?|skip(?:ping)?"
        r"|forget(?! what| it\b| that|,)(?: about)?|besides(?!,)"
        r"|apart from|aside from|except(?: for)?|rul(?:e|es|ing) out|(?:cross|leave) (?:out|off)"
        r"|(?:steer|stay|keep) (?:clear|away) (?:of|from)|hates?|dread|dislike|missed|barring"
        r"|(?:scratch|strike|drop|nix)(?= (?:on )?[a-z]+day)"
        r"|any(?:thing|time) but)\b",
        "not",
    ),
    Spelling(
        "clash|conflict|overlap|interfer",
        r"\b(?:clash(?:es|ing)?|conflicts?|overlaps?|interferes?) with\b",
        "not",
    ),
    Spelling("closed", r"\b(?:all |always )?closed\b", " not "),
    # What somebody has, or does, on that day.
    Spelling(
        "another|different|other",
        r"\b(?:another|a different|some other) "
        rf"(?:appointment|meeting|visit|thing) (?={A_DAY})",
        "not ",
    ),
    Spelling(
        "have|'ve| has |got|must",
        rf"\b{_SOMEBODY}(?: already| also| still)?(?:'ve| have|'ve got| have got| has| has got"
        r"| gotta| got to| must)(?: to)? "
        rf"{_A_NOUN}(?={A_DAY})",
        "not ",
    ),
    Spelling(
        "day",
        rf"(?<=day),? {_SOMEBODY}(?: already)?(?: have got| has got|'ve got|'s got| got) "
        rf"(?!(?:an? |the |my |some |more |plenty of |no )?(?:{_HAD_ALL_THE_SAME}|whole|day)\b)"
        rf"(?=[a-z])|(?<=day) {_SOMEBODY} (?:already )?(?:have|has|had) "
        rf"(?!(?:an? |the |my |some |more |plenty of |no )?(?:{_HAD_ALL_THE_SAME}|whole|day)\b)"
        rf"(?=[a-z])|(?<=day), {_SOMEBODY} (?:have|has) (?=(?:an? |to )?(?:{_BUSINESS}|class|work"
        r"|school|meeting|practice|game|church)\b)",
        " not ",
    ),
    Spelling(
        "flight|train|plane|ferry|trip|wedding|funeral|court|jury|exam|lecture|shift|interview"
        "|recital|graduation|conference|cruise|honeymoon|birthday|anniversary",
        rf"\b(?:my|our|his|her|their|the|a|an|in|to|for) (?:[a-z']+ )?(?:{_BUSINESS})"
        rf"(?: (?:leaves|is|are|starts|begins|takes off|departs|lands|arrives|ends|date))*"
        rf" (?={A_DAY})|\b(?:{_BUSINESS})'s (?={A_DAY})",
        "not ",
    ),
    Spelling(
        "work",
        r"\b(?:i|we|he|she)(?: always| usually)? works? (?=(?:in the |on |every |most )?"
        r"(?:morning|afternoon|evening|night)s?\b)",
        "not ",
    ),
    Spelling(
        "work|fly|fli|travel|leav|teach|babysit|volunteer|study|driv",
        rf"\b(?:{_SOMEBODY}|we're|he's|she's|i'll be|we'll be)(?: am| are| is)?"
        rf"(?: always| usually)? (?:{_DOING})(?: (?:out|off|home|back|away))?"
        rf"(?: (?:in|to|from|out of) (?:the )?[a-z]+)?"
        rf" (?={A_DAY})|(?<=day),? {_SOMEBODY} (?:{_DOING})\b(?! (?:until|till|til))",
        " not ",
    ),
    Spelling(
        "i |'re |'ll be|we are|'s ",
        r"\b(?:i|we're|we are|i'll be|we'll be|he's|she's) "
        r"(?:(?:in|at) (?:the |a |an |my )?(?!pain)[a-z]+|out|away|abroad|overseas) "
        rf"(?=(?:on |all |this |next |the )*{DAY_NAME}\b)",
        "not ",
    ),
    Spelling(
        "ing ",
        r"\b(?:i|we're|we are|he's|she's|i'll be|we'll be) (?:having|getting|hosting|going away"
        rf"|taking|attending|meeting|visiting|moving|seeing|celebrating) {_A_NOUN}(?={A_DAY})",
        "not ",
    ),
    Spelling(
        "day|tomorrow|tonight",
        rf"\b({DAY_NAME})(?:'s| is) (?:my|our|his|her|a|an|the) (?:[a-z']+ )?"
        r"(?:birthday|anniversary|wedding|funeral|holiday|work ?day|exam|graduation|trip|party)\b",
        r"\1 not",
    ),
    Spelling("no ", rf"\bno (?:way|chance)\b|\bno (?=(?:on )?{WEEKDAY}\b)", "not "),
    Spelling("not a chance", r"\bnot a chance\b", "not"),
    *EVENTS,
    Spelling("bar ", rf"\bbar (?=(?:on )?{A_DAY})", "not "),
    # A time at which somebody is not free also says when they would be.
    Spelling(
        "til",
        r"\b(?:(?:i|we)(?:'ve| have)(?: got)? (?:an? |my |to )?[a-z]+(?: [a-z]+)?"
        r"|(?:the|my|our) [a-z]+ (?:is|are|'s) (?:in|at) (?:[a-z]+ )?[a-z]+"
        r"|work|works|working|busy|booked|tied up|stuck|meeting|class|court|school|shift"
        r"|(?:in|at) (?:an? |my |the )?"
        r"(?:meeting|class|court|school|work|office|session|surgery))"
        r" (?=(?:until|till|til) )",
        "not ",
    ),
    Spelling(
        "work|busy",
        rf"\b(?:i|we|he|she|we're) (?:am )?(?:work|working|works|busy) "
        rf"(?=(?:from )?{NUMBER}\b)",
        "not ",
    ),
    Spelling("too ", r"\btoo (?:late|early|soon|far|long)\b", "not"),
    Spelling(
        "'s| is| are| be | looks| seems| gets",
        rf"(?<![a-z])({_WHEN})(?:'s|  ?(?:is|are|(?:would|will|might|may|could|must) be|looks|seems"
        rf"|gets))(?: {_DEGREE})* (?:{_BAD})\b",
        r"\1 not",
    ),
    Spelling(
        "'s| is| are| be | looks| seems",
        rf"(?<![a-z])({_WHEN})(?:'s|  ?(?:is|are|(?:would|will|might|may|could) be|looks|seems))"
        r" (?:(?:a )?(?:bit|little)|kind of|kinda|sort of|pretty|very|really|so)"
        r" (?:soon|early|late|far)\b",
        r"\1 not",
    ),
    Spelling(
        "no|nah|can't|cannot|clash|conflict",
        r"(?<=day)[,?.!]* (?:no thanks|no thank you|no sorry|no way|nope|nah|no|can't|cannot"
        r"|clashes|conflicts)[.! ]*$",
        " not",
    ),
    Spelling(
        "no can do|unable|pass on|no to|trouble|problem|difficulty|struggl",
        r"\b(?:no can do|unable to (?:do|make|come|get there)(?: in)?|pass on|no to"
        r"|(?:trouble|difficulty|problems?)(?: with| getting (?:in|there|away))?|struggle)"
        rf" (?={A_DAY})",
        "not ",
    ),
    Spelling(
        "out of|vacation|leave|holiday|abroad",
        r"\bout of (?:town|state|the (?:office|country))\b|\bon (?:vacation|leave|holiday)\b"
        r"|\babroad\b",
        "not",
    ),
    Spelling(
        "away",
        r"(?<!right )(?<!straight )\baway (?=on |from |until |till |all |for |next |this |the "
        r"|tomorrow|\w+day\b)",
        "not ",
    ),
    Spelling(
        " just ",
        r"(?<=[nsri]day),? (?:that(?:'s| has)? |which )?just (?:gone|past(?! \w)|passed|went)\b",
        " not",
    ),
    Spelling(" gone", r"(?<=[nsri]day) gone\b", " not"),  # the last one, or one that is full
)
