"""Portuguese, of Brazil and of Portugal."""

from ..lexicon import listed
from .language import WEEKDAY_AND_NUMBER, Language, entries, numbered, years

_NUMBERS = numbered(
    "um/uma dois/duas tres quatro cinco seis sete oito nove dez onze doze treze quatorze/catorze "
    "quinze dezesseis/dezasseis dezessete/dezassete dezoito dezenove/dezanove vinte vinte_e_um "
    "vinte_e_dois vinte_e_tres vinte_e_quatro vinte_e_cinco vinte_e_seis vinte_e_sete "
    "vinte_e_oito vinte_e_nove trinta trinta_e_um"
) | {"quarenta": "40", "quarenta e cinco": "45", "cinquenta": "50", "meia duzia": "6"}
_DAYS = dict(
    zip(
        listed("segunda terca quarta quinta sexta"),
        listed("monday tuesday wednesday thursday friday"),
        strict=True,
    )
)

PORTUGUESE = Language(
    code="pt",
    table=_NUMBERS
    | years(_NUMBERS, "dois mil e ", "de dois mil e ")
    | _DAYS
    | {f"{day}{end}": name for day, name in _DAYS.items() for end in (" feira", "-feira")}
    | {f"{day}s{end}": f"{name}s" for day, name in _DAYS.items() for end in ("", "-feiras")}
    | entries(
        ("depois de amanha", "the day after tomorrow"),
        ("amanha de manha|amanha pela manha|amanha cedo", "tomorrow morning"),
        ("hoje de manha|esta manha", "this morning"),
        ("hoje a tarde|esta tarde", "this afternoon"),
        ("hoje a noite|esta noite", "tonight"),
        ("de manha|pela manha|da manha|na parte da manha|de manha cedo", "in the morning"),
        ("a tarde|da tarde|de tarde|pela tarde|na parte da tarde", "in the afternoon"),
        ("a noite|da noite|de noite", "at night"),
        ("ao meio-dia|ao meio dia|meio-dia|meio dia", "noon"),
        ("a meia-noite|meia-noite|meia noite", "midnight"),
        ("manha|tarde|mar|segunda semana|quinze dias|oito dias|ter", None),
        ("natal", "christmas"),
        ("vespera de natal", "christmas eve"),
        ("ano novo", "new year's day"),
        ("meia", "half"),
        ("menos", "minus"),
        ("um quarto", "quarter"),
        ("em ponto", ""),
        ("para as|para a", "towards"),
        ("as", "at"),
        ("a", "at"),
        ("semana que vem|na semana que vem|a semana que vem|proxima semana|na proxima semana"
         "|a proxima semana|para a semana", "next week"),
        ("mes que vem|no mes que vem|o mes que vem|proximo mes|no proximo mes", "next month"),
        ("ano que vem", "next year"),
        ("proximo|proxima|que vem", "comingornext"),
        ("este|esta|neste|nesta|deste|desta", "this"),
        ("fim de semana|final de semana", "weekend"),
        ("no fim de semana|no final de semana", "the weekend"),
        ("fim do mes|no fim do mes|no final do mes|final do mes", "the end of the month"),
        ("no inicio do mes|no comeco do mes|inicio do mes", "the start of the month"),
        ("daqui a|dentro de|em", "in"),
        ("no dia|dia|o dia", "the"),
        ("na|no", "on"),
        ("o", "the"),
        ("de", "of"),
        ("do|da", "of the"),
        ("das", "from"),
        ("depois das|depois da|a partir das|a partir da|apos as|desde as", "after"),
        ("antes das|antes da", "before"),
        ("a partir de|a partir do", "not before"),
        ("depois de|depois do", "after the"),
        ("antes do meio-dia|antes do meio dia", "before noon"),
        ("antes de|antes do", "before the"),
        ("dias uteis|durante a semana", "weekdays"),
        ("ate as|ate a", "until"),
        ("entre as|entre", "between"),
        ("por volta das|la pelas|perto das|umas|pelas", "around"),
        ("primeiro|primeira", "first"),
        ("ultimo|ultima", "last"),
        ("e", "and"),
        ("ou", "or"),
        ("cedo", "early"),
        ("nao posso|nao|exceto|nunca|nenhum|menos na", "not"),
        ("perdao|desculpe|desculpa|digo|quero dizer|alias|ou melhor", "sorry"),
        ("todas as|todos os|cada", "every"),
        ("qualquer dia", "any day"),
        ("qualquer hora|qualquer horario", "any time"),
        ("eu|gostaria|queria|quero|preciso|uma consulta|consulta|marcar|agendar|um horario|horario"
         "|para|por favor|obrigado|obrigada|pode ser|poderia ser|se possivel|se der|seria|tem"
         "|teria|ola|oi|bom dia|boa tarde|boa noite|sim|melhor|entao|acho que|me|algo|ai|mesmo"
         "|mesma|esta bem|ta bom", ""),
    ),
    order=((r"\bat (\d\d?) minutes to\b", r"\1 minutes to"), WEEKDAY_AND_NUMBER),
    soonest=(
        "o mais cedo possivel", "o mais rapido possivel", "o quanto antes", "quanto antes",
        "assim que possivel", "logo que possivel", "quando tiver", "quando puder", "quando der",
        "qualquer dia", "tanto faz", "o primeiro horario disponivel", "a primeira vaga",
        "o proximo horario disponivel", "o primeiro que tiver",
    ),
    ignored=frozenset({"sex", "set", "out", "ter", "mar", "seg"}),
)  # fmt: skip
