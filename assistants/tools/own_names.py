"""Own names: the arguments of a tool that a model wrote under other names than the tool's."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from assistants.tools.fields import is_nothing
from assistants.tools.serializers import ToolSerializer, Written

# Words of a name that tell an argument from no other one.
SAYS_NOTHING = {
    "patient", "customer", "client", "appointment", "visit", "booking", "preferred", "preference",
    "requested", "desired", "new", "best", "number", "type", "full", "of", "is",
}  # fmt: skip


def in_own_names(written: Written, serializer: type[ToolSerializer[Any]]) -> Written:
    """The arguments, with those under a name that the tool does not know under its own name for
    them: “preferredDate” is `date`. Where two may be the same one, neither is taken for it."""
    known = own_names(serializer)
    others = [name for name in written if name not in known.values()]
    meant = [(known[key_of(name)], name) for name in others if key_of(name) in known]
    own = [name for name, _ in meant]
    found = {name: written[other] for name, other in meant if own.count(name) == 1}
    return {**written, **{name: found[name] for name in found if is_nothing(written.get(name))}}


@cache
def own_names(serializer: type[ToolSerializer[Any]]) -> Mapping[frozenset[str], str]:
    """The name of each argument, by the words of that name and of its older ones."""
    older = {key_of(old): new for old, new in serializer.older_names.items()}
    return {**older, **{key_of(name): name for name in serializer.text_fields()}}


def key_of(name: str) -> frozenset[str]:
    """The words that “patientPhone” and “phone_number” have in common."""
    words = {word.casefold() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}
    telling = words - SAYS_NOTHING
    return frozenset(telling - {"name"} if len(telling) > 1 else telling)
