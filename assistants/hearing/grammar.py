"""Grammar: rules that rewrite a sentence, a few words at a time, until only its facts are left.

A sentence is a list of tokens, each of a kind. Every kind is one character, so the list is also a
string, and the shape a rule looks for is an ordinary regular expression over it. Matching is done
by `re`, which is fast, and takes a bounded time because the string is short. A shape is written in
words,

    Rule("the? number:ordinal of? month:month year:year?", "day", month_day)

and its meaning is called with what the labels matched (None for an absent one). A meaning that
returns None refuses, and the words stay as they were. A shape may become several tokens
("day between clock"); its meaning then returns as many values.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, NamedTuple, TypeAlias

# What a token stands for. Its type depends on its kind, so a meaning says the type of each label.
Value: TypeAlias = Any


class Context(NamedTuple):
    """What the meaning of a sentence depends on: the org's local time (naive), country and zone."""

    now: datetime
    region: str
    zone: tzinfo | None = None


class Token(NamedTuple):
    """A word or a number of the sentence, or a fact that several of them were rewritten to."""

    kind: str
    value: Value


class Number(NamedTuple):
    """A whole number, and how many digits it was written with (0: it was said in words)."""

    value: int
    digits: int


Meaning = Callable[..., object | None]


class Kinds:
    """Every kind of token as one character, from Unicode's private use area."""

    def __init__(self) -> None:
        self._characters: dict[str, str] = {}

    def __getitem__(self, kind: str) -> str:
        return self._characters.setdefault(kind, chr(0xE000 + len(self._characters)))


KINDS = Kinds()


def shape(words: str) -> re.Pattern[str]:
    """The regular expression of a shape: kinds become characters, labels become named groups."""
    labelled = re.sub(r"([a-z_]+):([a-z_]+)", r"(?P<\1>\2)", words)
    labelled = re.sub(r"([a-z_]+):\(", r"(?P<\1>", labelled)
    pieces = re.split(r"(\(\?P<[a-z_]+>)", labelled)
    return re.compile(
        "".join(
            piece
            if piece.startswith("(?P<")
            else re.sub(r"[a-z_]+", lambda kind: KINDS[kind[0]], piece).replace(" ", "")
            for piece in pieces
        )
    )


# Kinds that most sentences have, so that looking for them excludes few rules.
_COMMON = frozenset({"number", "the", "day", "weekday", "clock", "at", "on"})


def needed(words: str) -> str:
    """The character of the rarest kind that every match of the shape contains; "" if there is none.

    Looking for it first is quicker, because most rules do not apply to a sentence.
    """
    plain, inner = words, None
    while inner != plain:  # from the innermost parentheses outwards
        inner, plain = plain, re.sub(r"\([^()]*\)\S?", " ? ", plain)
    required = [found[1] for found in re.finditer(r"(?<!\S)(?:\w+:)?([a-z_]+)(?!\S)", plain)]
    required.sort(key=_COMMON.__contains__)
    return KINDS[required[0]] if required else ""


class Rule:
    """A shape, the kind of token it is rewritten to, and what that token means."""

    __slots__ = ("becomes", "meaning", "needs", "pattern")

    def __init__(self, words: str, becomes: str, meaning: Meaning) -> None:
        self.needs = needed(words)
        self.pattern = shape(words)
        self.becomes = "".join(KINDS[kind] for kind in becomes.split())
        self.meaning = meaning


@dataclass(slots=True)
class Sentence:
    """The tokens of what was said, as the rules applied so far have rewritten them."""

    kinds: str
    values: list[Value]
    context: Context

    @classmethod
    def of(cls, tokens: Iterable[Token], context: Context) -> "Sentence":
        tokens = list(tokens)
        kinds = "".join([KINDS[token.kind] for token in tokens])
        return cls(kinds, [token.value for token in tokens], context)

    def rewrite(self, rules: Iterable[Rule]) -> None:
        """Apply each rule once, from left to right, wherever its shape occurs."""
        for rule in rules:
            if rule.needs in self.kinds and rule.pattern.search(self.kinds):
                self._apply(rule)

    def _apply(self, rule: Rule) -> None:
        kinds: list[str] = []
        values: list[Value] = []
        done = 0
        match = rule.pattern.search(self.kinds)
        while match:
            start, end = match.span()
            value: Value = rule.meaning(self.context, **self._labelled(match))
            if value is None:
                match = rule.pattern.search(self.kinds, start + 1)
                continue
            kinds += self.kinds[done:start], rule.becomes
            values += self.values[done:start]
            values += [value] if len(rule.becomes) == 1 else value
            done = end
            match = rule.pattern.search(self.kinds, end)
        self.kinds = "".join(kinds) + self.kinds[done:]
        self.values = values + self.values[done:]

    def _labelled(self, match: re.Match[str]) -> dict[str, Value]:
        return {
            label: None if match.start(label) < 0 else self.values[match.start(label)]
            for label in match.re.groupindex
        }

    def every(self, kind: str) -> list[Value]:
        """The values of every token of a kind, in the order said."""
        character = KINDS[kind]
        return [v for k, v in zip(self.kinds, self.values, strict=True) if k == character]

    def holds(self, kinds: re.Pattern[str]) -> bool:
        """Whether a token of any of these kinds is left; `any_of` makes the pattern."""
        return kinds.search(self.kinds) is not None


def any_of(kinds: str) -> re.Pattern[str]:
    """A pattern for one token of any of the kinds, given with spaces between."""
    return re.compile("[" + "".join(KINDS[kind] for kind in kinds.split()) + "]")
