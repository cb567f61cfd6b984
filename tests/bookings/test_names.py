"""Which names may be one person's, as a table of cases."""

import pytest

from bookings import names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "SMITH, JOHN"),
        ("John Smith", "Smith,John"),
        ("José Ode", "jose ode"),
        ("Ben Ode Jr.", "ben ode jr"),
        ("Nguyễn Văn A", "A Nguyen Van"),
        ("O'Brien, Ann", "Ann O'Brien"),
    ],
)
def test_words_in_another_order_are_the_same_name(one: str, other: str) -> None:
    """Z12."""
    assert names.are_same(one, other)
    assert names.are_alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shane Cole", "Shayne Cole"),
        ("Shane Cole", "Shane Kole"),
        ("Cole, Shane", "Shayne Kole"),
        ("Ben", "Ben Ode"),
        ("Ode", "Ben Ode"),
        ("Ben Ode", "Ben Ode Ruiz"),
        ("Shayne", "Shane Cole"),
        ("Stephen Hill", "Steven Hill"),
        ("Cathy Hill", "Kathy Hill"),
        ("Jon Smith", "John Smith"),
        ("Al Hill", "Ali Hill"),
        ("Ann Ode", "Anna Ode"),
        ("Smyth", "Smith"),
        ("Kim Vance", "Kym Vance"),
        ("Kat Ruiz", "Cat Ruiz"),
        ("Lyn Ode", "Lin Ode"),
        ("Roz Ode", "Ros Ode"),
    ],
)
def test_names_that_may_be_one_persons(one: str, other: str) -> None:
    """Z12: asked about, since Jon and John may be twins."""
    assert not names.are_same(one, other)
    assert names.are_alike(one, other)
    assert names.are_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ben Ode", "Ann Ode"),
        ("Ben Ode", "Jen Ode"),
        ("Ben Ode", "Ben Ruiz"),
        ("Cat Ruiz", "Cleo Ruiz"),
        ("Dee Park", "Lee Park"),
        ("Tim Park", "Tom Park"),
        ("C Park", "K Park"),
        ("JC Park", "JK Park"),
        ("Peter Hill", "Maria Hill"),
        ("", "Ben Ode"),
        ("Ben Ode", "..."),
    ],
)
def test_names_of_different_people(one: str, other: str) -> None:
    assert not names.are_alike(one, other)
    assert not names.are_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lee Parker", "Lea Parker"),
        ("Parker, Lea", "Lee Parker"),
        ("Ann Ode", "Ian Ode"),
        ("Kim", "Tim Park"),
        ("Bo Lind", "Jo Lind"),
        ("Shane Cole", "Shayne Cole"),
        ("Ben Ode", "Benjamin Ode"),
        ("Ode, Samantha", "Sam Ode"),
    ],
)
def test_names_that_may_be_misheard(one: str, other: str) -> None:
    assert names.may_be_misheard(one, other)
    assert names.may_be_misheard(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ben Ode", "Ann Ode"),
        ("Al Hill", "Ed Hill"),
        ("Lee Park", "Lea Cole"),
        ("", "Bo"),
        ("Al Ode", "Alan Ode"),
    ],
)
def test_names_nobody_mishears(one: str, other: str) -> None:
    assert not names.may_be_misheard(one, other)


def test_the_closest_is_asked_about() -> None:
    assert names.closest("Shayne Cole", ["Shane Kohl", "Shane Cole"]) == "Shane Cole"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Paul Ode", "Paula Ode"),
        ("Daniel Ode", "Daniela Ode"),
        ("Eric Ode", "Erica Ode"),
        ("Joseph Ode", "Josephine Ode"),
        ("Maria Lopez", "Mario Lopez"),
        ("Paul", "Paula Ode"),
        ("Ben Ode", "Ben Ode Junior"),
        ("Ben Ode II", "Ben Ode III"),
    ],
)
def test_names_that_may_be_a_relatives(one: str, other: str) -> None:
    assert names.are_alike(one, other)
    assert names.may_be_relatives(one, other)
    assert names.may_be_relatives(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shane Cole", "Shayne Cole"),
        ("Ben", "Ben Ode"),
        ("Ben Ode", "Ben Ode Ruiz"),
        ("Stephen Hill", "Steven Hill"),
        ("Ann Brown", "Ann Browne"),
        ("Maria Lopes", "Maria Lopez"),
    ],
)
def test_slips_that_make_no_relative(one: str, other: str) -> None:
    assert names.are_alike(one, other)
    assert not names.may_be_relatives(one, other)
