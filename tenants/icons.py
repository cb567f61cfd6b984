"""Icons: the theme's icon font with only those that are used, made at set-up (`make setup`).

The font holds 4,000 icons, of which a page needs some 90 (icons.txt): 290 kB would be fetched for
11. Each icon is a ligature of the letters of its name. Without the small font the whole one is
served.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import unfold
from fontTools import subset
from fontTools.ttLib import TTFont

NAMES = Path(__file__).with_name("icons.txt")
FONT = Path("unfold/fonts/material-symbols/Material-Symbols-Outlined.woff2")
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_ "


def make(folder: Path) -> None:
    """Write the font in `folder`, at the address at which the theme asks for it. Raises KeyError
    for a name that the theme's font does not have."""
    font = TTFont(Path(unfold.__path__[0]) / "static" / FONT)
    by_name = dict(ligatures(font))
    options = subset.Options(flavor="woff2", layout_closure=False, hinting=False)
    options.layout_features = ["*"]
    options.drop_tables += ["FFTM"]  # when it was made
    subsetter = subset.Subsetter(options)
    icons = [by_name[name] for name in NAMES.read_text().split()]
    subsetter.populate(glyphs=icons, unicodes=map(ord, LETTERS))
    subsetter.subset(font)
    (folder / FONT).parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(folder / FONT), options)


def ligatures(font: TTFont) -> Iterator[tuple[str, str]]:
    """The icons: the letters of each name, and its glyph."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    lookups = font["GSUB"].table.LookupList.Lookup
    tables = [getattr(table, "ExtSubTable", table) for one in lookups for table in one.SubTable]
    for table in tables:
        for first, found in getattr(table, "ligatures", {}).items():
            for one in found:
                glyphs = [first, *one.Component]
                yield "".join(letters.get(glyph, "?") for glyph in glyphs).lower(), one.LigGlyph


if __name__ == "__main__":
    make(Path(sys.argv[1]))
