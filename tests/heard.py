"""What was heard, as text for the tables of hearing; and times in a sentence."""

import re

from assistants.hearing import When


def shown(found: When) -> str:
    """All that was heard on one line; after a bar (|) the other half of the day."""
    said = []
    if found.day:
        said.append(f"{found.day}" + (f"..{found.last_day}" if found.last_day else ""))
    if found.time:
        said.append("|".join(f"{at:%H:%M}" for at in (found.time, found.other_time) if at))
    if found.earliest or found.latest:
        ends = (found.earliest, found.latest)
        said.append("-".join(f"{at:%H:%M}" if at else "" for at in ends))
    return " ".join([*said, *([found.part.value] if found.part else [])])


def times_in(heard: str) -> list[str]:
    """The clock times that a sentence offers."""
    return re.findall(r"\d{1,2}:\d\d [AP]M", heard)
