"""Telephone numbers and e-mail addresses as callers say them."""

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from assistants.hearing import NotUnderstood, Phone, Reason, email, phone


@pytest.mark.parametrize(
    "said",
    [
        "(415) 555-2671",
        "415.555.2671",
        "1-415-555-2671",
        "+1 415 555 2671",
        "tel:+1-415-555-2671",
        "001 415 555 2671",
        "４１５ ５５５ ２６７１",
        "٤١٥٥٥٥٢٦٧١",
        "four one five, five five five, two six seven one",
        "four one five triple five two six seven one",
        "four fifteen, five fifty-five, twenty-six seventy-one",
        "plus one four one five five five five two six seven one",
        "my number is 415 555 2671, thanks",
        "four one five, three fives, two six seven one",
        "415 555 2671, again that's 415 555 2671",
        "area code four one five, five double five, two six seven one",
        "cuatro uno cinco, cinco cincuenta y cinco, veintiséis setenta y uno",
    ],
)
def test_a_number_is_heard(said: str) -> None:
    assert phone(said, region="US") == Phone("+14155552671")


@pytest.mark.parametrize(
    "said",
    [
        "202-555-0143, no wait, 202-555-0144", "(202) 555-0143 wait I mean 202 555 0144",
        "202 555 0144, call after 5", "202 555 0144 but please call between 3 and 5",
        "555 0144, area code 202", "dos cero dos cinco cinco cinco cero uno cuatro cuatro",
        "zwei null zwei fünf fünf fünf null eins vier vier",
    ],
)  # fmt: skip
def test_the_number_that_is_meant_is_heard(said: str) -> None:
    assert phone(said, region="US").e164 == "+12025550144"


@pytest.mark.parametrize(
    ("said", "region", "e164"),
    [
        ("four one five five five five oh one two three", "US", "+14155550123"),
        ("415-555-0100", "US", "+14155550100"),
        ("415-555-0199", "US", "+14155550199"),
        ("eight hundred five five five one two three four", "US", "+18005551234"),
        ("two hundred twelve, five five five, twelve hundred", "US", "+12125551200"),
        ("07911 123456", "GB", "+447911123456"),
        ("0044 7911 123456", "GB", "+447911123456"),
        ("double oh four four seven nine double one one two three four five six", "GB",
         "+447911123456"),
        ("0044 7911 123456", "AU", "+447911123456"),
        ("0403 123 456", "AU", "+61403123456"),
        ("+61 (0)403 123 456", "AU", "+61403123456"),
        ("+61 (0)403 123 456", "US", "+61403123456"),
        ("06 1234 5678", "IT", "+390612345678"),  # an Italian zero is part of the number
        ("+39 06 1234 5678", "US", "+390612345678"),
        ("+39 (0)6 1234 5678", "US", "+390612345678"),
        ("+49 030 123456", "US", "+4930123456"),
        ("0176 12345678", "DE", "+4917612345678"),
    ],
)  # fmt: skip
def test_a_number_is_of_its_country(said: str, region: str, e164: str) -> None:
    assert phone(said, region=region).e164 == e164


@pytest.mark.parametrize(
    ("said", "extension"),
    [
        ("415 555 2671 x204", "204"),
        ("415 555 2671 ext. 204", "204"),
        ("415 555 2671 #204", "204"),
        ("+1-415-555-2671;ext=204", "204"),
        ("four one five five five five two six seven one extension two oh four", "204"),
        ("415 555 2671 extension five", "5"),
    ],
)
def test_an_extension_is_kept_apart(said: str, extension: str) -> None:
    assert phone(said, region="US") == Phone("+14155552671", extension)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", Reason.NOTHING_HEARD),
        ("anonymous", Reason.NOTHING_HEARD),
        ("the same number", Reason.NOTHING_HEARD),
        ("000-000-0000", Reason.NOT_A_NUMBER),
        ("123-456-7890", Reason.NOT_A_NUMBER),
        ("222-222-2222", Reason.NOT_A_NUMBER),
        ("555 555 5555", Reason.NOT_A_NUMBER),
        ("+0 415 555 2671", Reason.NOT_A_NUMBER),
        ("415 555 26711", Reason.NOT_A_NUMBER),
        ("415 555 2671 or 415 555 2672", Reason.NOT_A_NUMBER),
        ("my old number was 415 555 2671, please call 415 555 2672", Reason.NOT_A_NUMBER),
        ("415 555 2671 until Friday, after that 415 555 2672", Reason.NOT_A_NUMBER),
        ("415 555 2672, sorry, my old one was 415 555 2671", Reason.NOT_A_NUMBER),
        ("415 555 2671 scratch that, this number", Reason.AMBIGUOUS),
        ("415 555 2671 x1 x2", Reason.NOT_A_NUMBER),
        ("nine one one", Reason.TOO_SHORT),
        ("555-2671", Reason.TOO_SHORT),  # no area code
        ("1-800-FLOWERS", Reason.TOO_SHORT),
        ("4 " * 200, Reason.TOO_LONG),
    ],
)
def test_a_number_is_asked_again(said: str, why: Reason) -> None:
    with pytest.raises(NotUnderstood) as unclear:
        phone(said, region="US")

    assert (unclear.value.part, unclear.value.reason) == ("phone", why)


@pytest.mark.parametrize("kind", [PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE])
@pytest.mark.parametrize("form", [PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL])
def test_every_countrys_example_is_heard_at_home(kind: int, form: int) -> None:
    examples = {
        region: phonenumbers.example_number_for_type(region, kind)
        or phonenumbers.example_number(region)
        for region in phonenumbers.SUPPORTED_REGIONS
    }
    assert len(examples) == 245

    misheard = [
        region
        for region, number in examples.items()
        if number
        and phone(phonenumbers.format_number(number, form), region=region).e164
        != phonenumbers.format_number(number, PhoneNumberFormat.E164)
    ]

    assert misheard == []


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("john dot smith at gmail dot com", "john.smith@gmail.com"),
        ("My email is john underscore smith at yahoo dot co dot uk.", "john_smith@yahoo.co.uk"),
        ("it's j dot doe at clinic dash mail dot org, thanks", "j.doe@clinic-mail.org"),
        ("jane plus test at gmail dot com", "jane+test@gmail.com"),
        ("j o h n at gmail dot com", "john@gmail.com"),
        ("john smith at gmail dot com", "johnsmith@gmail.com"),
        ("bob one two three at aol dot com", "bob123@aol.com"),
        ("bob jones at gmail dot com, no spaces, all lowercase", "bobjones@gmail.com"),
        ("its bob at g mail dot com", "bob@gmail.com"),
        ("desk at elm street dental dot com", "desk@elmstreetdental.com"),
        ("bob @ aol.com", "bob@aol.com"),
        ("bob [at] aol [dot] com", "bob@aol.com"),
        ("Bob Jones <bob@aol.com>", "bob@aol.com"),
        ("John.Smith@Gmail.com", "John.Smith@gmail.com"),
        ("<pat@example.org>", "pat@example.org"),
        ("mailto:pat@example.org", "pat@example.org"),
        ("b-o-b at g-m-a-i-l dot com", "bob@gmail.com"),
        ("b-o-b@aol.com", "bob@aol.com"),
        ("bob dash jones at aol dot com", "bob-jones@aol.com"),
        ("mi correo es ana punto ruiz arroba gmail punto com", "ana.ruiz@gmail.com"),
        ("ana guion bajo ruiz todo junto arroba aol punto com", "ana_ruiz@aol.com"),
    ],
)
def test_an_address_is_heard(said: str, address: str) -> None:
    assert email(said) == address


@pytest.mark.parametrize(
    "said",
    ["", "none", "n/a", "No, thanks", "I don't have one", "don't have one", "I have no email",
     "I'd rather not say", "null", "not applicable", "I don't know", "I can't remember it",
     "no tengo correo"],
)  # fmt: skip
def test_a_caller_without_an_address_has_none(said: str) -> None:
    assert email(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "john smith",
        "john at gmail",
        "john@",
        "@gmail.com",
        "john@@gmail.com",
        "john@gmail..com",
        ".john@gmail.com",
        "mary at the clinic dot org",
        "john at gmail dot com or jane",
        "bob five at gmail dot com",  # bob5, or bobfive
        "use the same as before at gmail dot com",
        "b de burro e ene arroba gmail punto com",
        "john at gmail dot com or jane at gmail dot com",
        "a" * 65 + "@gmail.com",
        "a" * 700,
    ],
)
def test_an_address_is_asked_again(said: str) -> None:
    with pytest.raises(NotUnderstood) as unclear:
        email(said)

    assert unclear.value.part == "email"
