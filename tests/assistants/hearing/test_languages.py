"""Other languages than English, heard on Sunday 22 November 2026 at 10:15."""

import sys
from datetime import date, datetime

import pytest

from assistants.hearing import NotUnderstood, birth_date, languages, when
from tests.heard import shown

NOW = datetime(2026, 11, 22, 10, 15)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("la una", "01:00|13:00"),
        ("viernes 10:30 a.m.", "2026-11-27 10:30"),
        ("el viernes a primera hora", "2026-11-27 05:00-10:00 morning"),
        ("el viernes lo más tarde posible", "2026-11-27 15:00-"),
        ("vendredi à dix heures, non, à onze heures", "2026-11-27 11:00|23:00"),
        ("a las 12 del día", "12:00"),
        ("el día de Navidad", "2026-12-25"),
        ("noël", "2026-12-25"),
        ("am 3. Dezember um 9", "2026-12-03 09:00|21:00"),
        ("no antes de las 10", "10:00-"),
        ("le sept septembre", "2027-09-07"),
        ("martes a las tres de la tarde", "2026-11-24 15:00 afternoon"),
        ("el miercoles por la tarde", "2026-11-25 12:00-18:00 afternoon"),
        ("a las diez y media de la mañana", "10:30 morning"),
        ("pasado mañana a las 9", "2026-11-24 09:00|21:00"),
        ("dentro de dos semanas", "2026-12-06"),
        ("en tres días", "2026-11-25"),
        ("el 3 de diciembre a las dos y media", "2026-12-03 02:30|14:30"),
        ("el tres de diciembre", "2026-12-03"),
        ("el mar 24", "2026-11-24"),
        ("el martes 24 a las cinco menos diez", "2026-11-24 04:50|16:50"),
        ("diez para las tres", "02:50|14:50"),
        ("un cuarto para las tres de la tarde", "14:45 afternoon"),
        ("mañana temprano", "2026-11-23 05:00-10:00"),
        ("hoy no, mañana", "2026-11-23"),
        ("mañana, no, pasado mañana", "2026-11-24"),
        ("no, mañana a las diez para mi hija", "2026-11-23 10:00|22:00"),
        ("la próxima semana", "2026-11-23..2026-11-29"),
        ("este viernes a las 4", "2026-11-27 04:00|16:00"),
        ("viernes por la noche", "2026-11-27 18:00- night"),
        ("antes de las diez", "-10:00"),
        ("de dos a cuatro", "14:00-16:00"),
        ("el lunes entre las 9 y las 11", "2026-11-23 09:00-11:00"),
        ("el primero de enero", "2027-01-01"),
        ("el veinticuatro de diciembre a las once", "2026-12-24 11:00|23:00"),
        (
            "hola, buenas tardes, quisiera una cita para el viernes a las 3 de la tarde por favor",
            "2026-11-27 15:00 afternoon",
        ),
        ("el martes at 3 pm", "2026-11-24 15:00"),
        ("martes at 3 pm please", "2026-11-24 15:00"),
        ("el sábado a las 9:30 am", "2026-11-28 09:30"),
        ("a mediodía el jueves", "2026-11-26 12:00"),
        ("la mañana del lunes", "2026-11-23 05:00-12:00 morning"),
        ("ayer", "2026-11-21"),
        ("a partir de las tres", "15:00-"),
        ("mañana a la una y media", "2026-11-23 01:30|13:30"),
        ("demain à 15h30", "2026-11-23 15:30"),
        ("mardi prochain à 10 heures", "2026-11-24 10:00|22:00"),
        ("jeudi après-midi à trois heures", "2026-11-26 15:00 afternoon"),
        ("le 24 novembre à neuf heures et quart", "2026-11-24 09:15|21:15"),
        ("mercredi à quatre heures moins le quart", "2026-11-25 03:45|15:45"),
        ("vendredi soir", "2026-11-27 17:00- evening"),
        ("la semaine prochaine", "2026-11-23..2026-11-29"),
        ("après-demain matin", "2026-11-24 05:00-12:00 morning"),
        ("lundi 23 novembre à 8h", "2026-11-23 08:00|20:00"),
        ("après 17h", "17:00-"),
        ("entre 14h et 16h", "14:00-16:00"),
        ("mardi en huit", "2026-12-01"),
        ("dans trois jours", "2026-11-25"),
        ("je voudrais un rendez-vous pour jeudi à 14 heures s'il vous plaît", "2026-11-26 14:00"),
        ("aujourd'hui à midi et demi", "2026-11-22 12:30"),
        ("ce soir à 19h", "2026-11-22 19:00 night"),
        ("le premier lundi de décembre", "2026-12-07"),
        ("de 14h à 16h", "14:00-16:00"),
        ("à partir de 10h lundi", "2026-11-23 10:00-"),
        ("Montag um zehn Uhr", "2026-11-23 10:00|22:00"),
        ("Dienstag um Viertel nach drei", "2026-11-24 03:15|15:15"),
        ("morgen früh um acht", "2026-11-23 08:00 morning"),
        ("Mittwoch Nachmittag um halb drei", "2026-11-25 14:30 afternoon"),
        ("am Donnerstag um 14:30 Uhr", "2026-11-26 14:30"),
        ("übermorgen um fünf vor halb vier", "2026-11-24 03:25|15:25"),
        ("zehn vor drei", "02:50|14:50"),
        ("zwanzig nach vier", "04:20|16:20"),
        ("am dritten Dezember um 9 Uhr", "2026-12-03 09:00|21:00"),
        ("am Freitag nach 16 Uhr", "2026-11-27 16:00-"),
        ("zwischen zwei und vier Uhr", "14:00-16:00"),
        ("Montag Morgen", "2026-11-23 05:00-12:00 morning"),
        ("morgen Vormittag", "2026-11-23 05:00-12:00 morning"),
        ("heute Abend um sieben", "2026-11-22 19:00 evening"),
        ("in drei Tagen", "2026-11-25"),
        ("ich hätte gerne einen Termin am Mittwoch um 15 Uhr bitte", "2026-11-25 15:00"),
        ("nächste Woche Dienstag", "2026-11-24"),
        ("von 9 bis 11 Uhr am Montag", "2026-11-23 09:00-11:00"),
        ("viertel vor zwölf", "11:45|23:45"),
        ("dreiviertel vier", "03:45|15:45"),
        ("kommenden Freitag", "2026-11-27"),
        ("terça às três da tarde", "2026-11-24 15:00 afternoon"),
        ("quarta-feira à tarde", "2026-11-25 12:00-18:00 afternoon"),
        ("amanhã às nove e meia da manhã", "2026-11-23 09:30 morning"),
        ("na sexta às 14h30", "2026-11-27 14:30"),
        ("dia 27 às 10 horas", "2026-11-27 10:00|22:00"),
        ("quinze para as três", "02:45|14:45"),
        ("no sábado de manhã", "2026-11-28 05:00-12:00 morning"),
        ("segunda-feira que vem", "2026-11-23"),
        ("depois das cinco", "17:00-"),
        ("entre as duas e as quatro", "14:00-16:00"),
        ("na próxima semana", "2026-11-23..2026-11-29"),
        ("gostaria de marcar uma consulta para quinta às 16h", "2026-11-26 16:00"),
        ("3 de dezembro", "2026-12-03"),
        ("ao meio-dia de terça", "2026-11-24 12:00"),
        ("hoje às cinco da tarde", "2026-11-22 17:00 afternoon"),
        ("daqui a três dias", "2026-11-25"),
        ("das 2 às 4 na terça", "2026-11-24 14:00-16:00"),
        ("antes das dez", "-10:00"),
        ("primeira segunda de dezembro", "2026-12-07"),
        ("meio-dia e meia", "12:30"),
        ("viernes 4 a las dos de la tarde", "2026-12-04 14:00 afternoon"),
        ("vendredi 4 à 14 heures", "2026-12-04 14:00"),
        ("sexta 4 às 14 horas", "2026-12-04 14:00"),
        ("jueves 3 de la tarde", "2026-11-26 15:00 afternoon"),
        ("pues a ver, el miércoles como a las diez", "2026-11-25 10:00|22:00"),
        ("el dos de febrero del dos mil veintisiete", "2027-02-02"),
        ("le 4 décembre deux mille vingt-six", "2026-12-04"),
        ("zweiter Februar zweitausendsiebenundzwanzig", "2027-02-02"),
        ("dia dois de fevereiro de dois mil e vinte e sete", "2027-02-02"),
        ("heute Abend", "2026-11-22 17:00- evening"),
        ("heute Nacht", "2026-11-22 18:00- night"),
        ("entre el lunes y el miércoles", "2026-11-23..2026-11-25"),
    ],
)
def test_a_text_is_heard_in_its_language(said: str, meant: str) -> None:
    assert shown(when(said, now=NOW, region="US")) == meant


@pytest.mark.parametrize(
    "said",
    [
        "no puedo el martes",
        "cualquier día menos el lunes",
        "todos los lunes",
        "después de mi cirugía",
        "el martes o el jueves",
        "el 3/12 a las 4",
        "el jueves en quince días",
        "pas mardi",
        "Dienstag nicht",
        "jeden Montag",
        "sexta não posso",
        "martes 3 a las 10",
        "Freitag vier",
    ],
)
def test_a_word_that_is_not_known_or_has_two_readings_is_asked(said: str) -> None:
    with pytest.raises(NotUnderstood):
        when(said, now=NOW, region="US")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Dr. de la Cruz on Tuesday", "2026-11-24"),
        ("with Dr. Domingo on Tuesday at 3", "2026-11-24 03:00|15:00"),
        ("I'd like to see Doctor Le on Tuesday", "2026-11-24"),
        ("San Jose office on Monday", "2026-11-23"),
        ("my son Julio on Monday at 3pm", "2026-11-23 15:00"),
        ("see Maria de los Santos tomorrow", "2026-11-23"),
        ("La Jolla clinic, Friday at 2 pm", "2026-11-27 14:00"),
    ],
)
def test_a_name_of_another_language_leaves_a_text_english(said: str, meant: str) -> None:
    assert shown(when(said, now=NOW, region="US")) == meant


@pytest.mark.parametrize("said", ["el próximo viernes", "nächsten Freitag", "vendredi prochain"])
def test_a_next_weekday_is_asked_where_it_may_be_the_coming_one(said: str) -> None:
    wednesday = datetime(2026, 11, 25, 9)

    with pytest.raises(NotUnderstood):
        when(said, now=wednesday, region="US")


def test_figures_of_a_date_are_asked_where_the_country_puts_them_the_other_way() -> None:
    with pytest.raises(NotUnderstood):
        when("el 3/12 a las 4", now=NOW, region="US")
    assert shown(when("el 3/12 a las 4", now=NOW, region="ES")) == "2026-12-03 04:00|16:00"


def test_a_date_of_birth_is_heard_in_spanish() -> None:
    assert birth_date("el 12 de marzo de 1985", now=NOW, region="US") == date(1985, 3, 12)


def test_only_the_data_of_dateparser_is_used() -> None:
    languages.load()

    assert "dateparser.data.date_translation_data.es" in sys.modules
    assert "dateparser.search" not in sys.modules


@pytest.mark.parametrize("said", ["Tuesday at 3", "I need a cleaning next week", "noon", "12/3"])
def test_a_text_in_english_is_left_as_it_is(said: str) -> None:
    assert languages.in_english(said.lower()) is None
