"""German, where "halb vier" (half four) is half past three."""

from ..lexicon import listed
from .language import Language, entries, numbered, years

_UNITS = listed("ein zwei drei vier funf sechs sieben acht neun")
_TENS = {"zwanzig": 20, "dreissig": 30, "vierzig": 40, "funfzig": 50}
_NUMBERS = numbered(
    "eins/ein/eine/einer/einem/einen zwei/zwo drei vier funf/fuenf sechs sieben acht neun zehn elf "
    "zwolf/zwoelf dreizehn vierzehn funfzehn/fuenfzehn sechzehn siebzehn achtzehn neunzehn"
)
_NUMBERS |= {tens: str(value) for tens, value in _TENS.items()}
_NUMBERS |= {
    f"{unit}und{tens}": str(value + more)
    for tens, value in _TENS.items()
    for more, unit in enumerate(_UNITS, start=1)
}
_NTH = (
    "ersten/erste/erster zweiten/zweite/zweiter dritten/dritte/dritter vierten/vierte "
    "funften/funfte/fuenften sechsten/sechste siebten/siebte achten/achte neunten/neunte zehnten/"
    "zehnte elften/elfte zwolften/zwolfte/zwoelften dreizehnten vierzehnten funfzehnten "
    "sechzehnten siebzehnten achtzehnten neunzehnten zwanzigsten"
)
_ORDINALS = {said: f"{n}th" for said, n in numbered(_NTH).items()}
_ORDINALS |= {f"{said}sten": f"{n}th" for said, n in _NUMBERS.items() if 20 < int(n or 0) < 32}
_ORDINALS["dreissigsten"] = "30th"
_DAYS = dict(
    zip(
        listed("montag dienstag mittwoch donnerstag freitag samstag sonntag sonnabend"),
        listed("monday tuesday wednesday thursday friday saturday sunday saturday"),
        strict=True,
    )
)
_PARTS = {
    "morgen": "morning", "fruh": "morning", "vormittag": "morning", "nachmittag": "afternoon",
    "abend": "evening", "nacht": "night",
}  # fmt: skip
_DAY_PARTS = {
    f"{day}{gap}{part}": f"{english} {meant}"
    for day, english in (*_DAYS.items(), ("morgen", "tomorrow"))
    for part, meant in _PARTS.items()
    for gap in ("", " ")
    if (day, part) != ("morgen", "morgen")
}

GERMAN = Language(
    code="de",
    table=_NUMBERS
    | years(_NUMBERS, "zweitausend", "zweitausend ", "zweitausendund")
    | _ORDINALS
    | _DAY_PARTS
    | {f"{day}s": f"{english}s" for day, english in _DAYS.items()}
    | _DAYS
    | entries(
        ("ubermorgen|uebermorgen", "the day after tomorrow"),
        ("heute fruh|heute morgen|heute vormittag", "this morning"),
        ("heute nachmittag", "this afternoon"),
        ("heute abend", "this evening"),
        ("heute nacht", "tonight"),
        ("am morgen|morgens|fruhmorgens|am vormittag|vormittags|in der fruh|fruh",
         "in the morning"),
        ("am nachmittag|nachmittags", "in the afternoon"),
        ("am abend|abends", "in the evening"),
        ("in der nacht|nachts", "at night"),
        ("vormittag", "morning"),
        ("nachmittag", "afternoon"),
        ("abend", "evening"),
        ("mittag|mittags|am mittag|zu mittag", "noon"),
        ("mitternacht|um mitternacht", "midnight"),
        ("guten morgen|guten tag|guten abend", ""),
        ("weihnachten", "christmas"),
        ("heiligabend", "christmas eve"),
        ("silvester", "new year's eve"),
        ("neujahr", "new year's day"),
        ("uhr", "oclock"),
        ("halb", "halb"),
        ("viertel", "quarter"),
        ("dreiviertel|drei viertel", "quarter to"),
        ("viertel nach", "quarter past"),
        ("viertel vor", "quarter to"),
        ("nachste woche|nachster woche|kommende woche|kommender woche", "next week"),
        ("nachsten monat|nachster monat|kommenden monat", "next month"),
        ("nachstes jahr|nachsten jahres", "next year"),
        ("ubernachste woche", "the week after next"),
        ("nachste|nachsten|nachster|nachstes|naechste|naechsten", "comingornext"),
        ("naechste woche", "next week"),
        ("kommenden|kommende|kommender", "coming"),
        ("diese|diesen|dieser|dieses|diesem", "this"),
        ("acht tagen|acht tage", None),
        ("wochenende", "weekend"),
        ("am wochenende|das wochenende", "the weekend"),
        ("ende des monats|ende|am ende des monats|monatsende", "the end of the month"),
        ("anfang", "the start of"),
        ("am ersten", "on the first"),
        ("am", "on the"),
        ("um", "at"),
        ("gegen|so gegen|circa|zirka|ungefahr|etwa", "around"),
        ("nach", "after"),
        ("vor", "before"),
        ("ab|fruhestens", "not before"),
        ("zwischen", "between"),
        ("von", "from"),
        ("bis", "until"),
        ("bis spatestens|spatestens", "by"),
        ("und", "and"),
        ("oder", "or"),
        ("in|im", "in"),
        ("der|die|das|den|dem|des", "the"),
        ("nicht|kein|keinen|keine|nie|ausser", "not"),
        ("nein", "no wait"),
        ("ich meine|entschuldigung|beziehungsweise|quatsch", "sorry"),
        ("nur", ""),
        ("wochentags|werktags|unter der woche", "weekdays"),
        ("jeden|jede|jeder|immer", "every"),
        ("letzten|letzte|letzter", "last"),
        ("ich|mochte|hatte|gern|gerne|brauche|will|wurde|einen termin|ein termin|termin|fur|bitte"
         "|danke|vielen dank|hallo|ja|vielleicht|geht|ginge|passt|mir|es|konnen|wir|sie|haben"
         "|hatten|ware|gut|wenn moglich|so|bei ihnen|noch|am liebsten|lieber|kommen|punkt"
         "|einfach|dann|etwas|was|mal|da", ""),
    ),
    order=(
        (r"\b(\d\d?) before halb (\d\d?)\b", r"\1 minutes to halb \2"),
        *((rf"\b5 (?:minutes to|before) halb {hour}\b", f"{(hour - 2) % 12 + 1}:25")
          for hour in range(1, 13)),
        *((rf"\b5 after halb {hour}\b", f"{(hour - 2) % 12 + 1}:35") for hour in range(1, 13)),
        *((rf"(?<!to )(?<!after )\bhalb {hour}\b", f"{(hour - 2) % 12 + 1}:30")
          for hour in range(1, 13)),
        (r"\b(\d\d?)(?: minutes)? before (?=\d)", r"\1 minutes to "),
        (r"\b(\d\d?) after (?=\d)", r"\1 minutes past "),
        (r"(?<!at )(?<!\.)\b(\d\d?)\.(?=$| (?!\d))", r"\1th"),
        (r"\bfrom (\d\d?(?::\d\d)?(?: oclock)?) until (?=\d)", r"from \1 to "),
        (r"\bon the (?=[a-z]+day\b|this\b|comingornext\b|coming\b)", "on "),
    ),
    soonest=(
        "so bald wie moglich", "so schnell wie moglich", "moglichst bald", "moglichst schnell",
        "baldmoglichst", "schnellstmoglich", "egal wann", "wann auch immer", "jederzeit",
        "der nachste freie termin", "den nachsten freien termin", "der fruheste termin",
        "den fruhesten termin", "so fruh wie moglich", "irgendwann",
    ),
    ignored=frozenset(listed("mit die son don mon sam fre mar")),
)  # fmt: skip
