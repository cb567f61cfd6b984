"""Notes: what staff wrote for callers, found by its own headings.

A heading stands at the beginning of a line, or of a sentence, and ends in a colon: “Parking: behind
the house.” What has no heading is found a sentence at a time, by its own words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistants.tools import catalogue, topics
from assistants.tools.topics import Topic

HEADING = re.compile(r"(?:^|(?<=[.;!?]) +)(?P<heading>[^\W\d][^.:;!?\n]{0,59}):(?=\s|$)")
SENTENCE = re.compile(r"(?<=[.!?]) +(?=[^\W\d_])")
# “Parking and access” are two headings for one text.
ALTERNATIVES = re.compile(r"\s*(?:,|/|&|\b(?:and|or|y|o|und|oder|et|ou|e)\b)\s*", re.IGNORECASE)
MOST_TOLD = 2


@dataclass(frozen=True, slots=True)
class Section:
    """`heading` is empty for a sentence that stands under none."""

    heading: str
    text: str

    def __str__(self) -> str:
        return f"{self.heading}: {self.text}" if self.heading else self.text

    @property
    def names(self) -> list[set[str]]:
        """The telling words of each thing that the heading, or else the sentence, is about."""
        parts = ALTERNATIVES.split(self.heading) if self.heading else [self.text]
        return [words for part in parts if (words := set(topics.telling(part)))]


def fitting(notes: str, question: str, asked: Sequence[Topic]) -> list[Section]:
    """The sections on what is asked: by all words of a heading, else by its topic."""
    written = list(sections(notes))
    named = [section for section in written if is_named(section, question)]
    of_topic = [section for section in written if is_of(section, asked)]
    found = named + [section for section in of_topic if section not in named]
    return found[:MOST_TOLD]


def is_named(section: Section, question: str) -> bool:
    """Whether the question has every word of the heading; or two of an untitled sentence."""
    said = set(topics.telling(question))
    joined = "".join(catalogue.words(question))
    if not section.heading:
        return any(len(words & said) > 1 for words in section.names)
    return any(
        words <= said or (len(words) > 1 and "".join(catalogue.words(section.heading)) in joined)
        for words in section.names
    )


def is_of(section: Section, asked: Iterable[Topic]) -> bool:
    return not set(asked).isdisjoint(topics.clear_in(section.heading or section.text))


def sections(notes: str) -> Iterator[Section]:
    for line in notes.splitlines():
        headings = list(HEADING.finditer(line))
        before = line[: headings[0].start()] if headings else line
        yield from (Section("", part) for part in SENTENCE.split(before.strip()) if part)
        ends = [*(found.start() for found in headings), len(line)][1:]
        for found, end in zip(headings, ends, strict=True):
            if text := line[found.end() : end].strip():
                yield Section(found["heading"].strip(), text)
