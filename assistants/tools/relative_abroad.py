"""Moves told by the visit in Spanish, French, German and Portuguese, put into English words.

Only what `relative` knows is put: how far and which way, the same day and the same time. Days and
times beside it are left for `hearing`, which understands them in these languages.
"""

import re

from assistants import hearing
from assistants.tools import catalogue

COUNTS = {
    "un": "one", "una": "one", "uno": "one", "dos": "two", "tres": "three", "cuatro": "four",
    "une": "one", "deux": "two", "trois": "three", "quatre": "four", "ein": "one", "eine": "one",
    "einen": "one", "zwei": "two", "drei": "three", "vier": "four", "um": "one", "uma": "one",
    "dois": "two", "duas": "two", "quinze": "fifteen", "quince": "fifteen",
    "treinta": "thirty", "trente": "thirty", "dreissig": "thirty", "trinta": "thirty",
    "funfzehn": "fifteen", "diez": "ten", "veinte": "twenty", "la": "one",
}  # fmt: skip
UNITS = {
    "hora": "hour", "heure": "hour", "stunde": "hour", "dia": "day", "jour": "day", "tag": "day",
    "semana": "week", "semaine": "week", "woche": "week", "minuto": "minute", "minute": "minute",
}  # fmt: skip
LATER = r"mas tarde|despues|plus tard|apres|spater|danach|mais tarde|depois"
EARLIER = r"antes|mas temprano|plus tot|avant|fruher|vorher|mais cedo"
COUNT, UNIT = "|".join(COUNTS), "|".join(UNITS)
HALF = r"media hora|une demi[ -]heure|une demie[ -]heure|eine halbe stunde|meia hora"
SHIFT = re.compile(
    rf"\b(?:(?P<half>{HALF})|(?P<count>\d{{1,3}}|{COUNT}) (?P<unit>{UNIT})[esn]{{0,2}})"
    rf" (?P<side>{LATER}|{EARLIER})\b"
)
NEXT_WEEK = re.compile(
    r"\b(?:(?:la|na) semana (?:siguiente|seguinte)|die woche darauf"
    r"|la semaine (?:suivante|dapres))\b"
)
SAME_TIME = re.compile(
    r"\b(?:a la misma hora|(?:la )?misma hora|a la meme heure|meme heure|(?:zur|um die) (?:selben"
    r"|gleichen?) (?:zeit|uhrzeit)|(?:a|na) mesma hora|(?:no )?mesmo horario)\b"
)
SAME_DAY = re.compile(
    r"\b(?:el mismo dia|mismo dia|ese (?:mismo )?dia|le meme jour|meme jour|(?:am|den) (?:selben|"
    r"gleichen) tag|selber tag|no mesmo dia|mesmo dia)\b"
)
FOLLOWING = re.compile(
    r"\b(?:(?:el|le|na|a) )?(?P<day>[a-z]+)(?:[ -]feira)? (?:siguiente|suivant|seguinte)\b"
)
INSTEAD = re.compile(
    r",? \b(?:en (?:vez|lugar) de|em (?:vez|lugar) d[eao]|au lieu d[eu]|(?:an)?statt)\b"
)
THAT_DAY = re.compile(
    rf"\b(?P<side>{LATER}|{EARLIER})(?: en| no)? (?:el mismo dia|ese (?:mismo )?dia|le meme jour"
    r"|(?:am|den) (?:selben|gleichen) tag|no mesmo dia)\b"
)
# What is said of times that were told, or of the visit.
ASKS = r"^(?:(?:algo|tiene|tienen|hay|haben sie|avez vous|tem) )*"
WHOLE = (
    (r"\b(?:al|el) dia siguiente\b|\bam (?:nachsten|folgenden) tag\b|\ble lendemain\b"
     r"|\bno dia seguinte\b", "the next day"),
    (rf"{ASKS}(?:otr[oa]s? (?:dias?|fechas?)|einen anderen tag|un autre jour|outro dia)$",
     "another day"),
    (rf"{ASKS}(?:{LATER})$", "later"),
    (rf"{ASKS}(?:{EARLIER})$", "earlier"),
)  # fmt: skip
BUT = re.compile(r"(?:^|,)? ?\b(?:pero|aber|mas) (?=(?:el|la|a|am|um|na|no)\b)")


def in_english(text: str) -> str:
    """The text as it is where none of this is said in it."""
    plain = " ".join(catalogue.fold(text).split())
    put = SHIFT.sub(shift, plain)
    put = NEXT_WEEK.sub("a week later", put)
    for said, meant in WHOLE:
        put = re.sub(said, meant, put)
    put = FOLLOWING.sub(following, put)
    put = THAT_DAY.sub(lambda found: f"{side_of(found)} that day", put)
    put = INSTEAD.sub(" instead of", put)
    put = SAME_DAY.sub("same day", SAME_TIME.sub("same time", put))
    return text if put == plain else BUT.sub(" ", put).strip()


def following(found: re.Match[str]) -> str:
    """As it is, if it is no weekday."""
    day = hearing.in_english(found["day"]) or ""
    return f"the following {day}" if day.endswith("day") and day != "day" else found[0]


def side_of(found: re.Match[str]) -> str:
    return "later" if re.fullmatch(LATER, found["side"]) else "earlier"


def shift(found: re.Match[str]) -> str:
    side = side_of(found)
    if found["half"]:
        return f"half an hour {side}"
    count = COUNTS.get(found["count"], found["count"])
    return f"{count} {UNITS[found['unit']]} {side}"
