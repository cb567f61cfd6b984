"""Refusals: words for a day that is not wanted, or not free, are rewritten as "not".

`sentences` asks about a day with a "not" in its clause. A needless question costs two seconds.
"""

from .rewriting import DAY_NAME, MONTH, NUMBER, WEEKDAY, Spelling

_BAD = (
    "bad|no good|out|impossible|tricky|hard|difficult|tough|tight|full|booked|packed|terrible|worse"
    "|taken|off the table|off limits|hectic|awful|horrible|crazy|insane|a mess|a problem"
    "|a no[ -]go|a nightmare|a (?:hard |definite |big )?no|out of the question|right out"
    "|a non[ -]?starter|a wash|a bust|spoken for|swamped|slammed"
)
_WHEN = (
    rf"{WEEKDAY}s?|tomorrow|today|week|(?:morning|afternoon|evening)s?|[ap]\.?m\.?"
    r"|\d(?:st|nd|rd|th)?"
)
_BEFORE_A_DAY = (
    r"(?:on |all |all day |every |this |next |the |that |coming |until |till |til "
    rf"|at {NUMBER}(?::\d\d)?(?: ?[ap]m)? )*"
)
_A_DAY = rf"{_BEFORE_A_DAY}(?:{DAY_NAME}|{MONTH} \d)"
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

# What others do, or what happened, on a day: "my son graduates Friday", "my crown fell out Monday".
_OTHERS = r"(?:he|she|they|it|(?:my|our|his|her|the) (?!last\b|next\b|first\b)[a-z]+)"
_WISHES_OF_OTHERS = (
    "needs?|wants?|likes?|prefers?|hopes?|hurts?|aches?|says?|thinks?|feels?|looks?|seems?|needed"
    "|wanted|preferred|hoped|asked|suggested|recommended|requested|scheduled|booked|referred"
    "|sounds?|suits?|shows?|lists?|mentioned|comes?|sees?|starts?|opens?|asks?|requires?|plans?|tries|loves?"
    "|was|has|does|is|this|us|yes|as|its|less|plus|thanks|minutes|hours|days|weeks|months|years"
    "|kids|twins|teeth|braces|stitches|tests|labs|results|glasses|contacts|shots|vaccines|gums"
    "|appointments|slots|times|openings|mornings|afternoons|evenings|mondays|tuesdays|wednesdays"
    "|thursdays|fridays|saturdays|sundays|works|physicals|fillings|crowns|xrays|rays|sports"
)
_HAPPENED = (
    r"[a-z]{2,}ed|[a-z]{2,}s|fell|broke|got|went|left|came|came out|hurt|began|lost|had|took|flew"
)
_DID = (
    r"(?!need\b|(?:need|want|wonder|hop|prefer|lik|ask|request|tri|plann?|look|schedul|notic|check|decid"
    r"|pick|mention|mov|confirm|agre|discuss|receiv|suppos|hopp|interest|book|excit|reli|pleas"
    r"|prepar|allow|offer|promis|chang|reschedul|cancel|cancell|switch|open)ed\b)[a-z]{2,}ed"
    r"|saw|came in|went|fell|broke|met|spoke|was seen|was there|was in|were there|were in"
)
_A_FEW_WORDS = (
    r"(?: (?!(?:can|could|so|and|but|or|would|please|is|are|if|that|until|till|about|for|to|by"
    r"|before|after|from)\b)[a-z']+\.?){0,4}?"
)
# The day is what the words behind it are about: "I noticed Tuesday is open".
_NO_SUBJECT = (
    r"(?![a-z]* (?:is|works?|would|looks?|sounds?|seems?|(?:might|could|can) (?:work|be|do|fit))\b)"
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
    Spelling("never", rf"\bnever ?mind (?=(?:about )?{_A_DAY})", "not "),
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
        "trouble|bother|problem|busy",
        r"\bif (?:it|that)(?:'s| is) not (?:a |too )?"
        r"(?:much )?(?:trouble|bother|problem)\b|\bif (?:you're|you are) not (?:too )?busy\b",
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
        "avoid|skip|forget|besides|apart from|aside from|except|rul|out|off|away|clear|hate|dread"
        "|dislike|scratch|strike|drop|nix|missed|anything but|anytime but|bar",
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
        rf"(?:appointment|meeting|visit|thing) (?={_A_DAY})",
        "not ",
    ),
    Spelling(
        "have|'ve| has |got|must",
        rf"\b{_SOMEBODY}(?: already| also| still)?(?:'ve| have|'ve got| have got| has| has got"
        r"| gotta| got to| must)(?: to)? "
        rf"{_A_NOUN}(?={_A_DAY})",
        "not ",
    ),
    Spelling(
        "day",
        rf"(?<=day) {_SOMEBODY} (?:already )?(?:have|has|had) "
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
        rf" (?={_A_DAY})|\b(?:{_BUSINESS})'s (?={_A_DAY})",
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
        rf" (?={_A_DAY})|(?<=day),? {_SOMEBODY} (?:{_DOING})\b(?! (?:until|till|til))",
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
        rf"|taking|attending|meeting|visiting|moving|seeing|celebrating) {_A_NOUN}(?={_A_DAY})",
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
    Spelling(
        " my | our |my |our |he |she |they |it | his | her | the |the ",
        rf"\b{_OTHERS}(?: [a-z]+ly)? (?!(?:{_WISHES_OF_OTHERS})\b)(?:{_HAPPENED})\b{_A_FEW_WORDS}"
        rf" (?={_A_DAY}){_NO_SUBJECT}",
        "not ",
    ),
    Spelling(
        "i |we ",
        rf"\b(?:i|we) (?:{_DID})\b{_A_FEW_WORDS} (?={_A_DAY}){_NO_SUBJECT}",
        "not ",
    ),
    Spelling(
        "i |'re |'s |we are|be ",
        r"\b(?:i|we're|we are|i'll be|we'll be|he's|she's)(?: all| fully| pretty| really| so"
        r"| already| double| totally)* (?:booked|tied up|swamped|slammed|occupied|committed|stuck"
        r"|jammed|packed|moving|graduating|hosting|fasting|quarantining)(?: up| solid)? "
        rf"(?={_A_DAY})",
        "not ",
    ),
    Spelling(
        "i |we ",
        r"\b(?:i|we) (?:graduate|move|host|coach|fast|race|compete|perform|preach|volunteer|carpool"
        r"|golf|bowl|play|sing|close|start|begin|return|go back)(?! over| up| to the)"
        rf"{_A_FEW_WORDS} (?={_A_DAY}){_NO_SUBJECT}",
        "not ",
    ),
    Spelling(
        "when |the day ",
        rf"\b({DAY_NAME})(?:'s| is| are) (?:when|the day|because) (?:i|we|my|our|he|she|they)\b"
        r"(?!(?:'d|'ll)? (?:free|off|available|open|can|could|would|want|need|prefer|like|have off"
        r"|have time|have free|get off)\b)",
        r"\1 not ",
    ),
    Spelling(" bar ", rf"\bbar (?=(?:on )?{_A_DAY})", "not "),
    # A time at which somebody is not free also says when they would be.
    Spelling(
        "til",
        r"\b(?:(?:i|we)(?:'ve| have)(?: got)? (?:an? |my |to )?[a-z]+(?: [a-z]+)?"
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
        "'s| is| are| be | looks",
        rf"(?<![a-z])({_WHEN})(?:'s|  ?(?:is|are|would be|will be|looks)) (?:\w+ )?(?:{_BAD})\b",
        r"\1 not",
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
