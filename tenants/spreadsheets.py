"""Spreadsheets: cells of comma-separated values that Excel shows and does not compute.

RFC 4180 says how they are separated and quoted. What a spreadsheet would compute is described at
https://owasp.org/www-community/attacks/CSV_Injection.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

# Excel takes a file without it for one in the code page of the machine.
BYTE_ORDER_MARK = "\ufeff"
# A cell that begins so is computed, also behind spaces and signs that are not seen. An apostrophe
# before it makes it text; the ones it has are counted, so that `as_written` takes one away exactly.
UNSEEN = "\\s\u200b-\u200f\u2060\ufeff"
SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
COMPUTED = re.compile(f"'*(?:[\\t\\r\\n]|[{UNSEEN}]*[{SIGNS}])")
# Where a semicolon separates cells, a spreadsheet does not see our quotation marks: there a cell
# also begins behind a semicolon or a line's end.
INSIDE = re.compile(f"([;\\t\\r\\n][{UNSEEN}]*)(?='*[{SIGNS}])")
INSIDE_DEFUSED = re.compile(f"([;\\t\\r\\n][{UNSEEN}]*)'(?='*[{SIGNS}])")


def defused(text: str) -> str:
    """The text, with an apostrophe before whatever in it a spreadsheet would compute."""
    text = INSIDE.sub(r"\1'", text)
    return f"'{text}" if COMPUTED.match(text) else text


def as_written(cell: str) -> str:
    """What `defused` made the cell of."""
    cell = cell[1:] if cell.startswith("'") and COMPUTED.match(cell) else cell
    return INSIDE_DEFUSED.sub(r"\1", cell)


def cell(value: object, zone: ZoneInfo) -> str:
    """Instants in `zone`, ISO 8601 with the offset. Only text is defused: a number is none."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone(zone).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            return str(value // timedelta(minutes=1))
        case list() | tuple():
            return defused("; ".join(cell(one, zone) for one in value))
        case str():
            return defused(value)
        case _:
            return str(value)


def lines(rows: Iterable[Iterable[object]], zone: ZoneInfo) -> str:
    written = StringIO(newline="")
    csv.writer(written).writerows([cell(value, zone) for value in row] for row in rows)
    return written.getvalue()


def pieces(many: list[object], size: int) -> Iterator[list[object]]:
    for first in range(0, len(many), size):
        yield many[first : first + size]
