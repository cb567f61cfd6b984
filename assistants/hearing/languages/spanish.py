"""Spanish, as it is spoken in the United States, in Mexico and in Spain."""

from ..spanish_numbers import NUMBERS
from .language import WEEKDAY_AND_NUMBER, Language, Table, entries, folded, years

_NUMBERS: Table = {
    **{
        folded(words): str(number)
        for words, number in NUMBERS.items()
        if number <= 31 or number in (40, 45, 50, 55)
    },
    "una": "1",
    "un": "1",
    "diez y seis": "16",
    "veintiun": "21",
}

SPANISH = Language(
    code="es",
    table=_NUMBERS
    | years(_NUMBERS, "dos mil ", "de dos mil ", "del dos mil ", "del ano dos mil ")
    | {f"{of} {year}": f"of {year}" for of in ("del", "del ano") for year in range(2020, 2040)}
    | entries(
        ("hoy mismo|hoy dia", "today"),
        ("pasado manana", "the day after tomorrow"),
        ("manana por la manana|manana en la manana|manana a la manana", "tomorrow morning"),
        ("manana temprano por la manana", "early tomorrow morning"),
        ("por la manana|en la manana|de la manana|a la manana|por las mananas", "in the morning"),
        ("por la tarde|en la tarde|de la tarde|a la tarde|por las tardes", "in the afternoon"),
        ("por la noche|en la noche|de la noche|a la noche", "at night"),
        ("de la madrugada|por la madrugada", "in the morning"),
        ("por la manana temprano|temprano por la manana|temprano en la manana",
         "early in the morning"),
        ("del mediodia|al mediodia|a mediodia|al medio dia|mediodia|medio dia", "noon"),
        ("a medianoche|a la medianoche|medianoche", "midnight"),
        ("esta manana", "this morning"),
        ("esta tarde", "this afternoon"),
        ("esta noche", "tonight"),
        ("la manana", "the morning"),
        ("la tarde", "the afternoon"),
        ("la noche", "the night"),
        ("de manana en ocho|en ocho dias|en quince dias|dentro de ocho dias|de manana", None),
        ("dentro de quince dias|ocho dias|quince dias|mar|tarde|ahora|ahorita", None),
        ("de hoy en ocho|de hoy en ocho dias", "a week from today"),
        ("de hoy en quince|de hoy en quince dias", "two weeks from today"),
        ("la una|la 1|las una", "at 1"),
        ("a la una", "at 1"),
        ("doce del dia|12 del dia", "noon"),
        ("a primera hora|a primera hora de la manana|a primera hora del dia", "first thing"),
        ("a ultima hora|a ultima hora del dia|a ultima hora de la tarde|lo mas tarde posible"
         "|lo mas tarde que se pueda|entre mas tarde mejor|cuanto mas tarde mejor", "last thing"),
        ("el dia despues de|el dia siguiente a", "the day after"),
        ("cambiela|cambielo|cambiarla|cambiarlo|muevala|muevalo|moverla|moverlo|pasela|paselo"
         "|pasarla|pasarlo|pongala|cambieme|muevame|paseme|cambiamela", ""),
        ("nochebuena", "christmas eve"),
        ("navidad|el dia de navidad", "christmas"),
        ("nochevieja", "new year's eve"),
        ("ano nuevo", "new year's day"),
        ("accion de gracias|el dia de accion de gracias", "thanksgiving"),
        ("el mar", "tuesday"),
        ("de mar", "of march"),
        ("proximo|proxima|que viene|entrante|siguiente", "comingornext"),
        ("la semana que viene|la semana proxima|la semana entrante|la siguiente semana"
         "|la semana siguiente|semana que viene|proxima semana|la proxima semana", "next week"),
        ("el mes que viene|el mes proximo|el mes entrante|proximo mes|mes que viene",
         "next month"),
        ("el ano que viene|proximo ano", "next year"),
        ("este|esta|estos|estas", "this"),
        ("fin de semana", "weekend"),
        ("el fin de semana", "the weekend"),
        ("a fin de mes|a fines de mes|a finales de mes|fin de mes", "the end of the month"),
        ("a principios de mes|a comienzos de mes", "the start of the month"),
        ("a finales de|a fines de|finales de", "the end of"),
        ("a principios de|a comienzos de|principios de", "the start of"),
        ("a mediados de|mediados de", "the middle of"),
        ("el dia|dia", "the"),
        ("a las|las|a la", "at"),
        ("como a las|a eso de las|sobre las|alrededor de las|hacia las|tipo|cerca de las"
         "|como a la|a eso de la|mas o menos a las", "around"),
        ("media", "half"),
        ("cuarto|un cuarto", "quarter"),
        ("menos", "minus"),
        ("en punto", ""),
        ("para las|para la", "towards"),
        ("para la manana", "in the morning"),
        ("para la tarde", "in the afternoon"),
        ("para la semana que viene|para la proxima semana", "next week"),
        ("despues de las|despues de la|despues de|pasadas las|a partir de las|a partir de la"
         "|desde las|desde la", "after"),
        ("antes de las|antes de la|antes de", "before"),
        ("despues del", "after the"),
        ("a partir del|desde el", "not before the"),
        ("antes del mediodia|antes de mediodia", "before noon"),
        ("antes del", "before the"),
        ("entre semana", "weekdays"),
        ("hasta las|hasta la", "until"),
        ("hasta el", "until the"),
        ("de las", "from"),
        ("entre las|entre la|entre", "between"),
        ("dentro de|en", "in"),
        ("primer|primero|primera", "first"),
        ("segundo", "second"),
        ("tercer|tercero|tercera", "third"),
        ("ultimo|ultima", "last"),
        ("y|e", "and"),
        ("o|u|o bien", "or"),
        ("a", "at"),
        ("el|la", "the"),
        ("al", "at the"),
        ("de", "of"),
        ("del", "of the"),
        ("temprano", "early"),
        ("no puedo|no|excepto|salvo|nunca|ningun|menos el|no me sirve|no me viene bien", "not"),
        ("perdon|perdone|disculpe|digo|quiero decir|mejor dicho", "sorry"),
        ("todos los|todas las|cada|los", "every"),
        ("los lunes", "mondays"),
        ("los martes", "tuesdays"),
        ("los miercoles", "wednesdays"),
        ("los jueves", "thursdays"),
        ("los viernes", "fridays"),
        ("los sabados", "saturdays"),
        ("los domingos", "sundays"),
        ("cualquier", "any"),
        ("cualquier dia", "any day"),
        ("cualquier hora|a cualquier hora", "any time"),
        ("o mas tarde|en adelante", "or later"),
        ("quincena", "fortnight"),
        ("para mi hija|para mi hijo|para mis hijos|para mi esposa|para mi esposo|para mi marido"
         "|para mi mujer|para mi mama|para mi madre|para mi papa|para mi padre|para mi hermana"
         "|para mi hermano|para mi abuela|para mi abuelo|para mi nieta|para mi nieto", ""),
        ("quisiera|quiero|querria|me gustaria|necesito|una cita|la cita|cita|una consulta|consulta"
         "|turno|un turno|para|por favor|porfavor|favor|gracias|muchas gracias|si se puede"
         "|si puede|si es posible|si hay|sera posible|es posible|seria|puede ser|podria ser"
         "|podria|pudiera|puedo|podemos|pueden|puede|tiene|tienen|tendra|hay|algo|me|yo|pues"
         "|bueno|mejor|digamos|perfecto|perfectamente|genial|claro|vale|de acuerdo|pongame|ponme"
         "|deme|dame|apunteme|agendeme|si puede ser|a ser posible|me va bien|me queda bien"
         "|me viene bien"
         "|me quedo con|creo que|creo|que|hola|buenos dias|buenas tardes|buenas noches"
         "|buenas|agendar|hacer|reservar|sacar|ir|venir|si|vale|esta bien|cuando haya"
         "|cuando pueda|mismo|misma|solo|nada mas|eh|este eh|por|a ver|mire|mira|oiga|oye|fijese"
         "|es que|o sea|la verdad|entonces|dejeme ver|dejame ver|diga|digame", ""),
    ),
    order=(WEEKDAY_AND_NUMBER,),
    soonest=(
        "lo antes posible", "lo mas pronto posible", "cuanto antes", "tan pronto como sea posible",
        "lo mas pronto que se pueda", "cuando sea", "cuando haya", "cuando pueda", "cuando puedan",
        "la primera cita disponible", "la primera disponible", "la primera que tenga",
        "lo primero que tenga", "lo primero que haya", "la proxima cita disponible",
        "la cita mas proxima", "cualquier dia", "el primer dia disponible", "da igual",
        "me da igual", "lo mas rapido posible",
    ),
)  # fmt: skip
