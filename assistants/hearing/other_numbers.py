"""Other numbers: counts, prices, addresses and the like, which say nothing about when."""

from .rewriting import DAY_NAME, MONTH, NUMBER, WEEKDAY, Spelling

_COUNTED = (
    "thoughts?|opinions?|time|visits?|floor|questions?|names?|dose|shot|jab|round|child|baby|kid|"
    "session|treatment|cleaning|check-?up|appointment|consultation|patient|try|step|grade|trimester"
    "|choice|option|preference|pick|follow-?up|exam|opening|slot|language|cousin|degree|booster"
    "|one(?=, | (?:on|is|was|works|that|you)\\b)"
    "|molar|tooth|vaccine|vaccination|injection|class|aid|impressions?"
)
_OF_A_SHOT = (
    "(?:shingles|covid|flu|hpv|tetanus|hepatitis|vaccine|booster|allergy|cortisone|physical"
    "|physio|therapy|dental|root canal)"
)
# A unit in the singular says how long or how old: "a 6 month recall", "my 4-year-old".
_UNIT = "minute|min|hour|hr|day|week|month|year|yr"
_NOT_ATTRIBUTIVE = (
    "from|later|ago|before|after|hence|and|in|on|at|or|to|of|mark|out|time|for|this|next|the|is"
    "|if|with|until|till|til|past|earlier|please|by|half"
)
_NUMBERED = (
    r"type|tooth|teeth|molar|crown|implant|stage|grade|phase|level|vitamin|covid|hepatitis|size"
    r"|zip(?: ?code)?|unit|line|claim|policy|chapter|ward|bay|gate|track|platform"
    r"|tier|vertebra|episode|building|room|suite|apartment|apt|floor|extension|ext|flight|bus"
    r"|route|option|exit|chart|file|account|ticket|interstate|house|box|door"
)
_NO_CLOCK_AFTER = r"(?![:.]\d| ?[ap]\.?m\b| o'clock|(?:st|nd|rd|th)\b|/\d)"

OTHER_NUMBERS = (
    Spelling(
        "of all|first off|firstly|secondly",
        r"\b(?:first|second|third|best|last) of all\b"
        r"|\bfirst off\b|\b(?:first|second)ly\b",
        " ",
    ),
    Spelling("hour", r"\b(?:an? )?(?:half )?hour[ -]long\b", " "),
    Spelling(
        "s",
        rf"(?:^|(?<=need )|(?<=want )|(?<=get )|(?<=have )|(?<=for )|(?<=my )|(?<=and ))"
        rf"(?!one |1 ){NUMBER} (?!(?:{_UNIT}|{WEEKDAY}|time|work|suit|sound|seem|look|fit)s\b"
        rf"|(?:this|is|was|as|us|its|has|does|plus|thanks|please|sharp|people|past|always)\b)"
        rf"[a-z]{{3,}}s\b(?: and (?:an?|{NUMBER}) [a-z]+)?"
        r"(?=,? (?:on|this|next|tomorrow|[a-z]+day)\b)",
        " ",
    ),
    Spelling(
        "24/7|24 7|24-7|twenty",
        r"(?<![\d/.-])\b(?:24[ /-]7|twenty[ -]four[ /-]seven)\b(?![/\d:])",
        " ",
    ),
    Spelling(
        "of us|of you|of my|of our",
        rf"\b(?:all |both |the )?(?:{NUMBER}|both|all) of "
        r"(?:us|you|my (?:kids|children)|our (?:kids|children))\b(?: (?:kids|all))?",
        " ",
    ),
    Spelling(" in ", rf"\b{NUMBER} in (?:my|our|the) (?:party|group|family)\b", " "),
    Spelling("need |want ", rf"\b(?:need|want) {NUMBER}(?=,? please\b)", " "),
    Spelling(
        "old",
        rf"\b(?:of )?(?:{NUMBER})(?: and a half)?[\s-](?:years?|yrs?|months?|weeks?|days?)"
        r"[\s-]olds?\b",
        " ",
    ),
    Spelling("age|turn", rf"\b(?:aged?|turn(?:s|ed|ing)) {NUMBER}\b(?! ?[:.ap]\d?m?\b)", " "),
    Spelling("-", rf"(?<=\d)-(?=(?:{_UNIT})s?\b)", " "),
    Spelling(
        "min|h|day|week|month|y",
        rf"(?<![\d:./-])\b(?!(?:one|1|a)[\s-])(?:{NUMBER})[\s-](?:{_UNIT})[\s-]"
        rf"(?=[a-z])(?!(?:{_NOT_ATTRIBUTIVE}|{DAY_NAME})\b)",
        " ",
    ),
    Spelling(
        "hour|minute",
        rf"\b(?:an?|one|1)[\s-](?:hour|minute)[\s-]"
        rf"(?=[a-z])(?!(?:{_NOT_ATTRIBUTIVE}|{DAY_NAME}|{MONTH}|each|slot|window)\b)",
        " ",
    ),
    Spelling(
        "day|week|month|year",
        r"\b(?:a|one|1)[\s-](?:day|week|month|year)[\s-](?=(?:follow|check|recall|review|post"
        r"|cleaning|exam|visit|appointment|well|supply|old)\b)",
        " ",
    ),
    Spelling(
        "pregnant|along|postpartum|post-op|post op|overdue|sober",
        rf"\b{NUMBER} (?:days?|weeks?|months?|years?) "
        r"(?:pregnant|along|postpartum|post[ -]op|overdue|sober)\b",
        " ",
    ),
    Spelling("teeth|children", rf"\b{NUMBER} (?:[a-z]+ )?(?:teeth|children)\b", " "),
    Spelling("min", rf", (?:just |only |about )?{NUMBER} (?:minutes?|mins?)(?=,|$)", " "),
    Spelling(
        " times",
        rf"\b(?:called|phoned|rung|tried|asked|texted|emailed) {NUMBER} times\b",
        " ",
    ),
    Spelling(
        "adult|child|kid|person",
        rf"\b(?:for )?(?:one|1|an?) (?:adult|child|kid|person)"
        rf"(?: and {NUMBER} (?:kids?|child(?:ren)?|adults?|people))?\b",
        " ",
    ),
    # "Just one question, is Monday free?"
    Spelling(
        "question|thing|favor|favour|request|problem|concern",
        r"\b(?:just |only )?(?:one|1|two|2) (?:more |quick |last |other |small )*"
        r"(?:question|thing|favou?r|request|problem|concern)s?\b",
        " ; ",
    ),
    # "Half an hour on Tuesday at ten" says how long.
    Spelling(
        "our|hr|min",
        r"(?<!at )(?<!in )(?<!within )(?<!about )(?<!every )(?<!another )"
        r"\b(?:half an hour|(?:a )?half hour|an hour and a half|an hour"
        r"|(?:a |one )?quarter of an hour"
        rf"|{NUMBER} (?:hours?|hrs?|minutes?|mins?)) (?=(?:(?:on|for|this|next) (?:the )?)?"
        rf"(?:{WEEKDAY}|{MONTH}|tomorrow|next|this)\b)",
        " ",
    ),
    Spelling(
        "",  # so many clues take longer than the pattern
        rf"\b(?:{_NUMBERED})\.? (?:number |no\.? |nr\.? |#)?{NUMBER}\b{_NO_CLOCK_AFTER}"
        rf"(?! {MONTH})",
        " ",
    ),
    Spelling(
        "number |no. |#",
        rf"\b(?:number|no\.) {NUMBER}\b{_NO_CLOCK_AFTER}"
        rf"|#\d+\b{_NO_CLOCK_AFTER}",
        " ",
    ),
    # B12, L5, D3, H1N1; but W49 is a week and T14 a time.
    Spelling("", r"(?<![\w:'-])(?:[abcdefgijklmnoprsuvxyz]\d{1,2}|h1n1)\b(?![:.-])", " "),
    # "The second one, Tuesday at ten": not the second of a month.
    Spelling(
        "first|second|third|fourth|last|1st|2nd|3rd",
        r"(?<!thirty )(?<!twenty )(?<!thirty-)(?<!twenty-)\b(?:first|second|third|1st|2nd|3rd) "
        rf"(?=(?:{_OF_A_SHOT} )?(?:{_COUNTED})\b)",
        " ",
    ),
    Spelling(
        "$|€|£|%|percent|dollars|euros|pounds|bucks",
        r"[$€£]\s?\d+(?:\.\d+)?|\b\d+(?:\.\d+)?\s?(?:%|(?:percent|dollars|euros|pounds|bucks)\b)",
        " ",
    ),
    Spelling(
        "street|ave|road|drive|lane|boulevard|blvd|court|parkway|highway",
        r"\b\d{3,5}(?: (?!(?:[ap]m?|at|on|and|or|the|in|to|by|from|for|o'clock)\b)[a-z]+){1,2}"
        r" (?:street|avenue|ave|road|drive|lane|boulevard|blvd|court|parkway|highway)\b",
        " ",
    ),
    Spelling("born|since", r"\b(?:was born in|born in|since) (?:19|20)\d\d\b", " "),
    # "Dr. May", "Mrs. March": a name after a title is not a month.
    Spelling(
        "dr|mr|ms",
        r"\b(?:dr|mrs?|ms)\b\.? (?!(?:on|at|for|in|to|and|or|please)\b)[a-z'-]+",
        " ",
    ),
    Spelling(
        "doctor|nurse|miss|professor",
        rf"\b(?:doctor|nurse|miss|professor) {MONTH}\b(?! (?:\d|the \d|\w+(?:st|nd|rd|th)\b))",
        " ",
    ),
)
