"""Phones: a spoken telephone number in E.164."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, ValidationResult

from . import spanish_numbers
from .lexicon import NUMBERS, SMALL_NUMBERS, TENS
from .meaning import NotUnderstood, Phone, Reason

LONGEST = 300  # characters; enough for a number in words with polite words around it
LONGEST_EXTENSION = 11
SHORTEST_TWICE = 7  # digits; shorter repetitions belong to one number

_EXTENSION = re.compile(r";?\bext(?:ension|n)?\b[.:=\s]*(?:number\b)?|(?<=\d)\s*(?:x|#)\s*(?=\d)")
_CORRECTION = re.compile(
    r"\b(?:no,? wait|wait,? (?:no|i mean|that)|i mean|i meant|sorry|correction|scratch that"
    r"|make that|actually|perdon|perdón|digo)\b"
)
_WHEN_TO_CALL = re.compile(
    r"(?<=\w),? (?:but |please )?(?:call|ring|text|after|before|between)\b.*$"
)
_OLD = re.compile(r"\b(?:old|was|other|previous|not)\b")
_AREA_CODE = re.compile(r",? (?:with )?(?:the )?area code (?P<code>.+)$")
_WORD = re.compile(r"\+|\d+|[^\W\d_]+")
_REPEATED = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
# Digits in Spanish, German, French and Portuguese. "Um" and "un" are filler words in English.
_ABROAD = {
    "cero": "0", "uno": "1", "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5", "seis": "6",
    "siete": "7", "ocho": "8", "nueve": "9", "null": "0", "eins": "1", "zwei": "2", "zwo": "2",
    "drei": "3", "vier": "4", "fünf": "5", "sechs": "6", "sieben": "7", "acht": "8", "neun": "9",
    "zéro": "0", "deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "sept": "7", "huit": "8",
    "neuf": "9", "dois": "2", "três": "3", "quatro": "4", "meia": "6", "sete": "7", "oito": "8",
    "nove": "9",
}  # fmt: skip
_SPANISH_TENS = re.compile(rf"\b(?:{spanish_numbers.TENS})\b")
_DIGITS = (
    {"zero": "0", "oh": "0", "o": "0", "nought": "0", "plus": "+", "+": "+"}
    | {word: str(value) for word, value in SMALL_NUMBERS.items()}
    | _ABROAD
)
# "Three fives": the plural words and the counts.
_PLURALS = {f"{word}s": str(value) for word, value in SMALL_NUMBERS.items() if value < 10}
_PLURALS |= {"zeros": "0", "zeroes": "0", "sixes": "6"}
_TIMES = {"two": 2, "three": 3, "four": 4}
_TENS = {word: NUMBERS[word] for word in TENS}


def phone(text: str, *, region: str) -> Phone:
    """The number said, national or international, with its extension as a field of its own.

    Valid numbers are those of libphonenumber's numbering plans, with the fictional 555-0100 to
    555-0199. Raises NotUnderstood if there is no number, or if it is too short or a placeholder.
    """
    if len(text) > LONGEST:
        raise NotUnderstood("phone", Reason.TOO_LONG)
    plain = _plain(text)
    if len(plain) > LONGEST:  # one letter may stand for eighteen
        raise NotUnderstood("phone", Reason.TOO_LONG)
    number, *extensions = _EXTENSION.split(_without_when_to_call(plain))
    parsed = _number(number, region)
    return Phone(phonenumbers.format_number(parsed, PhoneNumberFormat.E164), _extension(extensions))


def _number(said: str, region: str) -> PhoneNumber:
    """The number that is meant, by itself or after one that it corrects."""
    for text in _meant(said):
        with suppress(NotUnderstood):
            return _parsed(figures(text), region)
        if _CORRECTION.search(said) and _WORD.search(text):
            raise NotUnderstood("phone", Reason.AMBIGUOUS)
    digits = figures(said)
    if not any(map(str.isdigit, digits)):
        raise NotUnderstood("phone", Reason.NOTHING_HEARD)
    return _parsed(digits, region)


def _meant(said: str) -> Iterator[str]:
    """The words after a correction; or with the area code first."""
    if _CORRECTION.search(said):
        after = _CORRECTION.split(said)[-1]
        yield "" if _OLD.search(after) else after
    if area := _AREA_CODE.search(said):
        yield f"{area['code']} {said[: area.start()]}"


def _without_when_to_call(said: str) -> str:
    """ "202 555 0144, call after 5", if no other number follows."""
    when = _WHEN_TO_CALL.search(said)
    is_one = when and len(figures(when[0])) < SHORTEST_TWICE
    return said[: when.start()] if when and is_one else said


def load(region: str) -> None:
    """Load the numbering plan of a country, before the first number of that country is heard."""
    example = phonenumbers.example_number(region)
    if example:
        national = phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL)
        phonenumbers.is_valid_number(phonenumbers.parse(national, region))


def figures(text: str) -> str:
    """The digits of a lower-case text, in words or written: "double five" is "55"."""
    text = _SPANISH_TENS.sub(lambda said: str(spanish_numbers.NUMBERS[said[0]]), text)
    return "".join(_figures(_WORD.findall(text)))


def _plain(text: str) -> str:
    """Lower case, every script's digits as ASCII ones, without the "(0)" of "+61 (0)403".

    In Italy the zero is part of the number.
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    ascii_digits = "".join(str(unicodedata.decimal(c, c)) for c in folded)
    return (
        re.sub(r"(?<=\d)(?<!\+39)(\s*)\(0\)", r"\1", ascii_digits) if "+" in text else ascii_digits
    )


def _figures(words: list[str]) -> Iterator[str]:
    position = 0
    while position < len(words):
        said, length = _group(words[position : position + 3])
        yield said
        position += length


def _group(words: list[str]) -> tuple[str, int]:
    """The digits at the beginning of these words, and how many words they took."""
    first, second, third = (*words, "", "")[:3]
    if first in _REPEATED and (digit := _digit(second)):
        return digit * _REPEATED[first], 2
    if first in _TIMES and second in _PLURALS:
        return _PLURALS[second] * _TIMES[first], 2
    if first in _TENS:
        unit = SMALL_NUMBERS.get(second, 10)
        return (str(_TENS[first] + unit), 2) if unit < 10 else (str(_TENS[first]), 1)
    if (digit := _digit(first)) and second in ("hundred", "thousand"):
        return _hundreds(digit, second, third)
    return _DIGITS.get(first, first if first.isdigit() else ""), 1


def _hundreds(digit: str, unit: str, following: str) -> tuple[str, int]:
    """ "Eight hundred" is 800, and "two hundred twelve" 212; "eight hundred five" is 800, 5."""
    if unit == "hundred" and SMALL_NUMBERS.get(following, 0) >= 10:
        return f"{digit}{SMALL_NUMBERS[following]}", 3
    return digit + ("00" if unit == "hundred" else "000"), 2


def _digit(word: str) -> str:
    said = _DIGITS.get(word, word)
    return said if said.isdigit() and len(said) <= 2 else ""


def _parsed(digits: str, region: str) -> PhoneNumber:
    for attempt in _attempts(digits, region):
        try:
            number = phonenumbers.parse(attempt, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) and not is_placeholder(number):
            return number
    raise NotUnderstood("phone", _reason(digits, region))


def _attempts(digits: str, region: str) -> Iterator[str]:
    """The number as said; once, if it was said twice; and with "+" for the prefix "00".

    In the countries of +1, "00" is not a prefix, but a number with "001" has no other reading.
    """
    yield digits
    once = digits[: len(digits) // 2]
    if len(once) >= SHORTEST_TWICE and digits == once + once:
        yield once
    if digits.startswith("00" if region not in ("US", "CA") else "001"):
        yield "+" + digits[2:]


def is_placeholder(number: PhoneNumber) -> bool:
    """Whether all digits are the same, as a model writes when it has no number."""
    return len(set(phonenumbers.national_significant_number(number))) == 1


def _reason(digits: str, region: str) -> Reason:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return Reason.TOO_SHORT if len(digits) < 7 else Reason.NOT_A_NUMBER
    short = (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY)
    possible = phonenumbers.is_possible_number_with_reason(number)
    return Reason.TOO_SHORT if possible in short else Reason.NOT_A_NUMBER


def _extension(said: list[str]) -> str:
    digits = [figures(each) for each in said]
    if any(not each or len(each) > LONGEST_EXTENSION for each in digits) or len(digits) > 1:
        raise NotUnderstood("phone", Reason.NOT_A_NUMBER)
    return "".join(digits)
