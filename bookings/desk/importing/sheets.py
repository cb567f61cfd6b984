"""Sheets: the rows of an uploaded CSV file, whatever program has written it."""

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

from tenants.spreadsheets import as_written

SEPARATORS = (",", ";", "\t")
UTF_8, WINDOWS = "UTF-8", "Windows-1252"
# How files begin that are no text, or text of two bytes a letter.
NO_TEXT = {
    b"PK\x03\x04": "This is an Excel workbook. Please save it as CSV (UTF-8) first.",
    b"\xd0\xcf\x11\xe0": "This is an old Excel workbook. Please save it as CSV (UTF-8) first.",
    b"%PDF": "This is a PDF. Please choose a CSV file.",
    b"\xff\xfe": "The file is UTF-16. Please save it as CSV (UTF-8).",
    b"\xfe\xff": "The file is UTF-16. Please save it as CSV (UTF-8).",
}
MOST_NAMED = 5
MOST_COLUMNS = 200


class Unreadable(Exception):
    """The file cannot be read at all. The sentence says why, and repeats no cell of it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is taken at once. Where a file is larger, `otherwise` says what to do."""

    bytes: int
    rows: int
    otherwise: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row. `number` is the one a spreadsheet shows beside it; the titles are row 1. A cell that
    is empty or missing is ""; `has_more` tells that there are more cells than titles."""

    number: int
    cells: Mapping[str, str]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """`unread` are titles that no column of ours has. `accented` are cells with letters beyond
    ASCII, by which a reader sees whether the encoding was understood."""

    lines: tuple[Line, ...]
    unread: tuple[str, ...]
    encoding: str
    accented: tuple[str, ...]


def read(
    data: bytes, *, known: Mapping[str, str], needed: Collection[str], limits: Limits
) -> Sheet:
    """`known` gives our name of a column by each title it may have, in small letters. Raises
    Unreadable."""
    if len(data) > limits.bytes:
        raise Unreadable(f"The file has more than {limits.bytes:,} bytes. {limits.otherwise}")
    text, encoding = decoded(data)
    rows = split(text, known)
    titles = [plain(title) for title in next(rows, (0, []))[1]]
    if len(titles) > MOST_COLUMNS:
        raise Unreadable(f"The first row names more than {MOST_COLUMNS} columns.")
    columns = [known.get(title, "") for title in titles]
    refuse_columns(columns, needed)
    lines = tuple(numbered(rows, columns, limits))
    if not lines:
        raise Unreadable("The file has no rows below its titles.")
    unread = tuple(title for title, name in zip(titles, columns, strict=True) if title and not name)
    return Sheet(lines, unread, encoding, accented(lines) if encoding == WINDOWS else ())


def decoded(data: bytes) -> tuple[str, str]:
    """The text, and how it was encoded. Excel's plain “CSV” is in Windows-1252."""
    for beginning, sentence in NO_TEXT.items():
        if data.startswith(beginning):
            raise Unreadable(sentence)
    if b"\0" in data:
        raise Unreadable("The file is no text. Please save it as CSV (UTF-8).")
    try:
        return data.decode("utf-8-sig"), UTF_8
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), WINDOWS
    except UnicodeDecodeError:
        said = "The file is neither UTF-8 nor Windows-1252. Please save it as CSV (UTF-8)."
        raise Unreadable(said) from None


def split(text: str, known: Collection[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers; those without any text are left out. The separator is the one
    by which most of the titles are known."""
    first = text.partition("\n")[0]

    def understood(separator: str) -> tuple[int, int]:
        titles = next(csv.reader([first], delimiter=separator), [])
        return sum(plain(title) in known for title in titles), len(titles)

    number = 0
    try:
        reader = csv.reader(
            StringIO(text, newline=""), delimiter=max(SEPARATORS, key=understood), strict=True
        )
        for number, row in enumerate(reader, 1):
            if any(cell.strip() for cell in row):
                yield number, row
    except csv.Error:
        said = f"Row {number + 1} cannot be read: a quotation mark or a line end is out of place."
        raise Unreadable(said) from None


def plain(title: str) -> str:
    """“ Date_of-Birth ” is “date of birth”."""
    return " ".join(title.casefold().replace("_", " ").replace("-", " ").split())


def refuse_columns(columns: list[str], needed: Collection[str]) -> None:
    missing = [name for name in needed if name not in columns]
    if missing:
        raise Unreadable(f"The first row has to name the columns. Missing: {', '.join(missing)}.")
    double = {name for name in columns if name and columns.count(name) > 1}
    if double:
        raise Unreadable(f"Two columns are the same: {', '.join(sorted(double))}.")


def numbered(
    rows: Iterator[tuple[int, list[str]]], columns: list[str], limits: Limits
) -> Iterator[Line]:
    for many, (number, row) in enumerate(rows, 1):
        if many > limits.rows:
            raise Unreadable(f"The file has more than {limits.rows:,} rows. {limits.otherwise}")
        cells = dict.fromkeys(filter(None, columns), "")
        for name, cell in zip(columns, row, strict=False):
            if name:
                cells[name] = as_written(cell).strip()
        yield Line(number, cells, any(cell.strip() for cell in row[len(columns) :]))


def accented(lines: Collection[Line]) -> tuple[str, ...]:
    found = dict.fromkeys(
        cell for line in lines for cell in line.cells.values() if not cell.isascii()
    )
    return tuple(found)[:MOST_NAMED]
