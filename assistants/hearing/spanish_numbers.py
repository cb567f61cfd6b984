"""Spanish numbers: those below a hundred in words, as they stand in years and telephone numbers."""

from .lexicon import listed

_UNITS = ["", *listed("uno dos tres cuatro cinco seis siete ocho nueve")]
_TEENS = "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve"
_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
NUMBERS = (
    {word: value for value, word in enumerate(_UNITS) if word}
    | {word: value for value, word in enumerate(listed(_TEENS), start=10)}
    | {f"veinti{unit}" if unit else "veinte": 20 + value for value, unit in enumerate(_UNITS)}
    | {
        f"{ten} y {unit}" if unit else ten: 10 * tens + value
        for tens, ten in enumerate(listed(_TENS), start=3)
        for value, unit in enumerate(_UNITS)
    }
    | {"veintidós": 22, "veintitrés": 23, "veintiséis": 26}
)
BELOW_A_HUNDRED = "|".join(sorted(NUMBERS, key=len, reverse=True))
# From twenty on, where no word is one of English as well (“once”).
TENS = "|".join(word for word in sorted(NUMBERS, key=len, reverse=True) if NUMBERS[word] >= 20)
