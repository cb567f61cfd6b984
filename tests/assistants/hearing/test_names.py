"""Names as callers say them."""

import pytest

from assistants.hearing import NotUnderstood, Reason, person_name


@pytest.mark.parametrize(
    "name",
    [
        "Ben",
        "O'Brien",
        "Ana de la Cruz",
        "Ronald McDonald",
        "van der Berg",
        "Mary-Jane Watson-Parker",
        "J. R. R. Tolkien",
        "J R R Tolkien",
        "Robert Smith III",
        "Martin Luther King Jr.",
        "T.J.",
        "José Núñez",
        "Nguyễn Văn A",
        "李小龙",
        "علي حسن",
        "Miss",
        "Will Call",
        "Robert'); DROP TABLE patients;--",
    ],
)
def test_a_name_stays_as_it_was_said(name: str) -> None:
    assert person_name(name) == name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("  ada   lovelace ", "ada lovelace"),  # never given capitals it was not said with
        ("McDONALD", "McDONALD"),
        ("My name is Ada Lovelace.", "Ada Lovelace"),
        ("hi, this is Mrs. Jones", "Jones"),
        ("Yes, I'm Dr. Ada Lovelace speaking", "Ada Lovelace"),
        ("it's me, Ben", "Ben"),
        ("So Yeon Park", "So Yeon Park"),
        ("Oh Jin-woo", "Oh Jin-woo"),
        ("so my name is Ann Lee", "Ann Lee"),
        ("this is for my daughter Emma Stone", "Emma Stone"),
        ("the name is Bond", "Bond"),
        ("call me Al", "Al"),
        ("first name Ann, last name Lee", "Ann Lee"),
        ("last name Lee, first name Ann", "Ann Lee"),
        ("Ann, last name Lee", "Ann Lee"),
        ("the patient's name is Ann Lee", "Ann Lee"),
        ("I'm calling for my mother, Ann Lee", "Ann Lee"),
        ("my daughter's name is Ann Lee", "Ann Lee"),
        ("I'm Jane, it's for my husband Ann Lee", "Ann Lee"),
        ("Jane, calling for my son Ann Lee", "Ann Lee"),
        ("jane, calling for my son ann lee", "ann lee"),
        ("I'm Jane and I'm calling for Ann Lee", "Ann Lee"),
        ("Jane Lee calling for Ann Lee", "Ann Lee"),
        ("Jane Lee, booking on behalf of Ann Lee", "Ann Lee"),
        ("can I book an appointment for Ann Lee", "Ann Lee"),
        ("Jane Lee calling for an appointment", "Jane Lee"),
        ("Jane Lee's daughter Ann Lee", "Ann Lee"),
        ("it's Ann Lee's", "Ann Lee"),
        ("Ann's appointment", "Ann"),
        ("for Ann Lee", "Ann Lee"),
        ("it's under the name Lee", "Lee"),
        ("my friends call me Al", "Al"),
        ("Mr. and Mrs. Jones", "Jones"),
        ("S-M-Y-T-H-E", "Smythe"),
        ("John S M I T H", "John Smith"),
        ("John Smith, that's S-M-Y-T-H-E", "John Smythe"),
        ("Ann Lee, A-N-N L-E-E", "Ann Lee"),
        ("Bob M A double T", "Bob Matt"),
        ("M-A-double-T", "Matt"),
        ("it's spelled A-N-N", "Ann"),
        ("Ann Lee, A N N L E E", "Ann Lee"),
        ("capital A N N capital L E E", "Annlee"),
        ("O apostrophe Brien", "O'Brien"),
        ("Ann Smith hyphen Jones", "Ann Smith-Jones"),
        ("O\u2019Brien", "O'Brien"),
        ("O\u02bcBrien", "O'Brien"),
        ("Ann \U0001f600 Lee", "Ann Lee"),
        ("'Ann Lee'", "Ann Lee"),
        ("S as in Sam, U as in Uncle, E as in Echo", "Sue"),
        ("Jose\u0301", "Jos\u00e9"),
        ("Zo\u200be\u202e Smith", "Zoe Smith"),
        ("Ann\x00\n\tLee", "Ann Lee"),
        ("\u201cAnn\u201d", "Ann"),
    ],
)
def test_what_is_said_around_a_name_is_dropped(said: str, name: str) -> None:
    assert person_name(said) == name


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", Reason.NOTHING_HEARD),
        ("My name is", Reason.NOTHING_HEARD),
        ("null", Reason.NOTHING_HEARD),
        ("N/A", Reason.NOTHING_HEARD),
        ("12345", Reason.NO_LETTERS),
        ("2026-12-09T09:00", Reason.NO_LETTERS),  # models put a start or a number in its place
        ("1e+308", Reason.NO_LETTERS),
        ("415-555-0123 Ben", Reason.NO_LETTERS),
        ("--", Reason.NOTHING_HEARD),
        ("\u00bd-\u00bd", Reason.NO_LETTERS),
        ("😀", Reason.NOTHING_HEARD),
        ("it's for me", Reason.NOTHING_HEARD),
        ("my son", Reason.NOTHING_HEARD),
        ("Ann Lee's wife", Reason.NOTHING_HEARD),
        ("Jane Lee calling for my husband", Reason.NOTHING_HEARD),
        ("Jane Lee for Ann Lee", Reason.SEVERAL),
        ("Jane calling for Ann", Reason.SEVERAL),
        ("Ann Lee for Cleaning", Reason.SEVERAL),
        ("{{name}}", Reason.NOTHING_HEARD),
        ("[Patient Name]", Reason.NOTHING_HEARD),
        ("not provided", Reason.NOTHING_HEARD),
        ("a" * 201, Reason.TOO_LONG),
    ],
)
def test_a_name_is_asked_again(said: str, why: Reason) -> None:
    with pytest.raises(NotUnderstood) as unclear:
        person_name(said)

    assert (unclear.value.part, unclear.value.reason) == ("name", why)


@pytest.mark.parametrize(
    "said",
    ["mm-hmm", "mhm", "Mmm.", "ah", "eh?", "sorry, what?", "no, what?", "one sec", "let me see",
     "hm, yes", "uh-huh, okay", "Sure thing", "Perfect!", "sounds good", "go ahead", "Friday",
     "that works great thanks", "that one please", "that'll do", "let me check", "no preference",
     "morning works better", "tooth pain", "emergency", "checkup"],
)  # fmt: skip
def test_sounds_and_short_answers_are_no_name(said: str) -> None:
    with pytest.raises(NotUnderstood):
        person_name(said)


@pytest.mark.parametrize(
    "said", ["Emma", "Mo", "Anh Ma", "Oh Jin-woo", "Hu", "Uma Eh", "Er Ma", "Caller a"]
)
def test_short_names_are_names(said: str) -> None:
    assert person_name(said) == said


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Sean, spelled the Irish way, Doyle", "Sean Doyle"),
        ("Anna Maria, two words, Lopez", "Anna Maria Lopez"),
        ("me llamo Íñigo, con tilde, Montoya", "Íñigo Montoya"),
        ("Renée Caron, with an accent on the first e", "Renée Caron"),
        ("Chris. Christopher Lang, but everyone calls me Chris", "Christopher Lang"),
        ("Christopher Lang, but please call me Chris", "Christopher Lang"),
        ("Everyone calls me Kit", "Kit"),
        ("Dana Wright, D-A-N-A", "Dana Wright"),
        ("Wright with a W, Dana Wright", "Dana Wright"),
        ("van der Berg, Lotte van der Berg", "Lotte van der Berg"),
        ("John the third, John Carter the third", "John Carter the third"),
        ("Dana Wright, right?", "Dana Wright"),
        ("Mr Kowalski, first name Piotr", "Piotr Kowalski"),
        ("Ed, short for Edward, Moss", "Ed Moss"),
        ("Moss, same as before", "Moss"),
        ("con el nombre de Carmen Ruiz, con zeta", "Carmen Ruiz"),
        ("Klaus Schmidt mit dt", "Klaus Schmidt"),
        ("Claire Dubois, D comme David", "Claire Dubois"),
        ("é Paulo Souza, com zê", "Paulo Souza"),
        ("Eva Roth (Keller)", "Eva Roth"),
        ("oh hi, um, Ava", "Ava"),
        ("it's me again, Ava Roth", "Ava Roth"),
        ("Av- Ava Roth", "Ava Roth"),
        ("A-A-Ava Roth", "Ava Roth"),
        ("I'd like it under Peters", "Peters"),
        ("uh my name? Tom Hale", "Tom Hale"),
        ("Kim, Su-jin", "Kim, Su-jin"),
    ],
)
def test_what_is_told_of_a_name_is_not_of_it(said: str, name: str) -> None:
    assert person_name(said) == name


@pytest.mark.parametrize(
    "said",
    ["Hale not Hill, Tom Hale", "a child, Mia Wu", "Wait, who? Oh, Carla Bruni", "Ava space Roth",
     "Bond comma James", "two people, Ana and Luis Prado", "Thomas, but T-O-M-A-S, Rivera"],
)  # fmt: skip
def test_words_of_a_sentence_are_no_part_of_a_name(said: str) -> None:
    with pytest.raises(NotUnderstood):
        person_name(said)
