"""Names and addresses with what people say around them."""

import pytest

from assistants.hearing import NotUnderstood, Reason, email, is_spoken_email, person_name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Jon Smith, Jon without an h", "Jon Smith"),
        ("Kathryn with a K, K-A-T-H-R-Y-N Jones", "Kathryn Jones"),
        ("Emma Stone, 6 years old", "Emma Stone"),
        ("John Smith (415) 555-0142", "John Smith"),
        ("John Smith 415-555-0142", "John Smith"),
        ("John Smith, 415 555 0142", "John Smith"),
        ("Sarah Lee, she's six", "Sarah Lee"),
        ("Sarah Lee, my daughter", "Sarah Lee"),
        ("Sarah Lee, she is my daughter", "Sarah Lee"),
        ("me llamo Juan Pérez", "Juan Pérez"),
        ("mi nombre es Ana López García", "Ana López García"),
        ("soy María Ruiz", "María Ruiz"),
        ("la cita es para Luis Ortega", "Luis Ortega"),
        ("para mi hijo Luis Ortega", "Luis Ortega"),
        ("je m'appelle Anne Dubois", "Anne Dubois"),
        ("ich heiße Klaus Müller", "Klaus Müller"),
        ("mein Name ist Klaus Müller", "Klaus Müller"),
        ("meu nome é João Silva", "João Silva"),
        ("me chamo Ana Souza", "Ana Souza"),
        ("the name's Bond, James Bond", "James Bond"),
        ("just put me down as Sarah Lee", "Sarah Lee"),
        ("put it under Lee", "Lee"),
        ("can you put it under Sarah Lee", "Sarah Lee"),
        ("it would be Alex Kim", "Alex Kim"),
        ("it's gonna be Alex Kim", "Alex Kim"),
        ("I'd like to book for Tom Baker", "Tom Baker"),
        ("I want an appointment for Tom Baker", "Tom Baker"),
        ("this is Tom Baker calling about my appointment", "Tom Baker"),
        ("Tom Baker here", "Tom Baker"),
        ("Tom Baker, date of birth March 3rd 1980", "Tom Baker"),
        ("Tom Baker, born 1980", "Tom Baker"),
        ("Tom Baker and my number is 415 555 0142", "Tom Baker"),
        ("Tom uh Baker", "Tom Baker"),
        ("Tom, um, Baker", "Tom Baker"),
        ("uh, Tom Baker", "Tom Baker"),
        ("Tom Baker, no sorry, Tim Baker", "Tim Baker"),
        ("John, no wait, Jim Brown", "Jim Brown"),
        ("Sarah, S-A-R-A-H, Lee, L-E-E", "Sarah Lee"),
        ("Sarah Lee, L-E-I-G-H", "Sarah Leigh"),
        ("Catherine with a C, Brown", "Catherine Brown"),
        ("Catherine Brown with a C", "Catherine Brown"),
        ("Brown with an e", "Brown"),
        ("last name Brown with an e at the end", "Brown"),
        ("first name's Tom, last name's Baker", "Tom Baker"),
        ("first name Tom. last name Baker.", "Tom Baker"),
        ("Tom, last name is Baker", "Tom Baker"),
        ("Baker, first name Tom", "Tom Baker"),
        ("Tom is my first name and Baker is my last name", "Tom Baker"),
        ("surname Baker, first name Tom", "Tom Baker"),
        ("the patient is my son, Tom Baker", "Tom Baker"),
        ("it's for my dad, Tom Baker", "Tom Baker"),
        ("my daughter Emma", "Emma"),
        ("Tom Baker, B-A-K-E-R", "Tom Baker"),
        ("Tom B-A-K-E-R", "Tom Baker"),
        ("Alpha Bravo Charlie Delta", "Abcd"),
        ("So Yeon Park", "So Yeon Park"),
        ("Don Johnson", "Don Johnson"),
        ("Frank Herr", "Frank Herr"),
        ("Will Smith", "Will Smith"),
        ("Mark Twain", "Mark Twain"),
        ("Mark", "Mark"),
        ("Art Case", "Art Case"),
        ("Rich Book", "Rich Book"),
        ("Ian Wright", "Ian Wright"),
        ("Wright", "Wright"),
        ("Hi Nguyen", "Nguyen"),
        ("Penny Born", "Penny Born"),
        ("Yes, Ana Cruz", "Ana Cruz"),
        ("Ernest Young", "Ernest Young"),
        ("Olive Oyl", "Olive Oyl"),
        ("Faith No", "Faith No"),
        ("Art From", "Art From"),
        ("Mary Please", "Mary"),
        ("Sue Here", "Sue"),
        ("Jean-Luc Picard", "Jean-Luc Picard"),
        ("de la Cruz, Ana", "de la Cruz, Ana"),
        ("Mike Oscar", "Mike Oscar"),
        ("Victor Hugo Papa", "Victor Hugo Papa"),
        ("I'm uh Tom", "Tom"),
        ("name: Tom Baker", "Tom Baker"),
        ("Tom Baker (my husband)", "Tom Baker"),
        ("Tom Baker from Springfield", "Tom Baker"),
        ("Tom Baker, I'm a new patient", "Tom Baker"),
        ("Tom Baker I have an appointment tomorrow", "Tom Baker"),
        ("Tom Baker please", "Tom Baker"),
        ("the appointment's under Tom Baker", "Tom Baker"),
        ("it should be under Baker", "Baker"),
        ("it's under my wife's name, Ann Baker", "Ann Baker"),
        ("my wife's name is Ann Baker", "Ann Baker"),
        ("Para Singh", "Para Singh"),
        ("Have Mercy", "Have Mercy"),
        ("A. Smith", "A. Smith"),
        ("An Nguyen", "An Nguyen"),
        ("The Nguyen", "The Nguyen"),
        ("She Chen", "She Chen"),
        ("Ja Rule", "Ja Rule"),
        ("Si Wu", "Si Wu"),
        ("Oi Ling", "Oi Ling"),
        ("Sarah Lee-Jones", "Sarah Lee-Jones"),
        ("Henry the Eighth", "Henry the Eighth"),
        ("Ana y Luis Marsh", "Ana y Luis Marsh"),
        ("José Ortega y Gasset", "José Ortega y Gasset"),
        ("Me Linh Tran", "Me Linh Tran"),
        ("Stephen with a ph", "Stephen"),
        ("Catherine with a C and an h", "Catherine"),
        ("Phillips with two Ls and one P", "Phillips"),
        ("Geoff with a G, not a J, Miller", "Geoff Miller"),
        ("Sean with an S-E-A-N", "Sean"),
        ("Dot Atkins", "Dot Atkins"),
    ],
)
def test_a_name_is_found_among_what_is_said(said: str, name: str) -> None:
    assert person_name(said) == name


@pytest.mark.parametrize(
    "said",
    [
        "Ana Marsh and her brother Ben Marsh",
        "Ana Marsh and Ben Marsh",
        "no",
        "correct",
        "same as last time",
        "same as before",
        "what",
        "why do you need that",
        "can you repeat that",
        "I already told you",
        "it's on file",
        "Tom is my first name, Baker's my last",
        "under my wife's name",
        "olivia at gmail dot com",
        "my email is olivia dot reyes at yahoo dot co dot uk",
        "olivia at gmail.com",
        "Pat Marsh or Pam Marsh",
    ],
)
def test_what_is_no_name_or_two_is_asked(said: str) -> None:
    with pytest.raises(NotUnderstood) as unclear:
        person_name(said)

    assert unclear.value.part == "name"


def test_two_people_are_said_to_be_several() -> None:
    with pytest.raises(NotUnderstood) as unclear:
        person_name("Ana Marsh and her brother Ben Marsh")

    assert unclear.value.reason is Reason.SEVERAL


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("my email is um sarah@gmail.com", "sarah@gmail.com"),
        ("yeah so it's uh sarah at gmail dot com", "sarah@gmail.com"),
        ("sarah uh dot lee at gmail dot com", "sarah.lee@gmail.com"),
        ("sarah dot uh lee at gmail dot com", "sarah.lee@gmail.com"),
        ("um@gmail.com", "um@gmail.com"),
        ("um.lee@gmail.com", "um.lee@gmail.com"),
        ("my email address would be sarah at gmail dot com", "sarah@gmail.com"),
        ("you can reach me at sarah@gmail.com", "sarah@gmail.com"),
        ("you can use sarah@gmail.com", "sarah@gmail.com"),
        ("j underscore smith ninety nine at yahoo dot com", "j_smith99@yahoo.com"),
        ("okay, um, it's sarah underscore lee at yahoo dot com", "sarah_lee@yahoo.com"),
        ("sarah at gmail dot uh com", "sarah@gmail.com"),
        ("likeable at gmail dot com", "likeable@gmail.com"),
        ("that would be sarah@acme.io", "sarah@acme.io"),
        ("email's sarah at acme dot io", "sarah@acme.io"),
        ("hmm sarah lee at gmail dot com", "sarahlee@gmail.com"),
        ("my work email is sarah at acme dot io", "sarah@acme.io"),
        ("s a r a h at gmail dot com", "sarah@gmail.com"),
        ("send it to sarah at gmail dot com", "sarah@gmail.com"),
        ("like sarah@gmail.com", "sarah@gmail.com"),
        ("right, it's er, sarah@gmail.com", "sarah@gmail.com"),
        ("uh my email, um, is uh sarah@gmail.com", "sarah@gmail.com"),
        ("ummm sarah@gmail.com", "sarah@gmail.com"),
    ],
)
def test_a_filler_is_no_part_of_an_address(said: str, address: str) -> None:
    assert email(said) == address


@pytest.mark.parametrize(
    ("said", "spoken"),
    [
        ("bob at gmail dot com", True),
        ("bob at gmail.com", True),
        ("my email is uh Bob@Gmail.com", False),
        ("bob @ gmail.com", False),
        ("I don't have one", False),
    ],
)
def test_a_spoken_address_is_told_from_a_written_one(said: str, spoken: bool) -> None:
    assert is_spoken_email(said) is spoken
