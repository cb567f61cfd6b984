"""Questions: what a caller is asked when something was not said or not understood."""

from collections.abc import Sequence

from assistants.speech.wording import listed, names
from assistants.tools import registry

# What to ask when something was said and could not be understood: by reason, else by subject.
QUESTIONS = {
    "weekday_disagrees": "That weekday and that date don't go together. Which day did you mean?",
    "no_such_day": "That date isn't in the calendar. Which day did you mean?",
    "no_such_time": "The clocks skip that time on that day. What other time would suit you?",
    "year_too_far": "That date is too far away. Which day would you like?",
    "several": "I heard more than one. Which one would you like?",
    "other_zone": "Our times are the clinic's own. What time would that be at the clinic?",
    "half_of_day": "Is that in the morning or in the afternoon?",
    "recurring": "I can book one visit at a time. Which day would you like first?",
    "excluded": "Which day would suit you instead?",
    "birth_date.year_missing": "I still need the year of birth. Could you say day, month and year?",
    "birth_date.in_the_future": "That day hasn't come yet. Could you say day, month and year?",
    "day": "I didn't catch the day. Which day would you like?",
    "time": "I didn't catch the time. What time would you like?",
    "days": "I didn't catch which days suit. Which days or parts of the day, or is it any?",
    "name.several": "I can see to one person at a time. What is the first one's full name?",
    "name": "I didn't catch the name. Could you spell the patient's full name for me?",
    "unseen": "I can't see a number for this call. Which number can we reach you at?",
    "the_clinics": "That is the clinic's own number. Which number can we reach you at?",
    "costly": "The clinic can't call numbers of that kind. Which other number can we reach you at?",
    "phone": "I didn't get a full phone number. Could you say it with the area code?",
    "birth_date": "I didn't catch the date of birth. Could you say day, month and year?",
    "reference": "I didn't catch the reference. Could you say it once more, letter by letter?",
    "visit": "I didn't catch when that appointment is. Which day and time is it?",
}
UNSURE_OF_NAME = {
    "ambiguous": "More than one has that name",
    "several": "I heard two names",
    "quality": "I can't choose a practitioner by that",
}
REPEAT = "I didn't quite catch that. Could you say it once more?"


def question(
    problems: dict[str, str], services: Sequence[str], practitioners: Sequence[str]
) -> str:
    """One question: about what was misunderstood, or else about all that was not said."""
    for argument, reason in problems.items():
        if reason == "required":
            continue
        several = reason == "ambiguous"
        if argument == "service":
            unsure = "That fits more than one" if several else "I'm not sure which visit that is"
            return f"{unsure}. We offer {names(services)}. Which is it?"
        if argument == "practitioner":
            unsure = UNSURE_OF_NAME.get(reason, "I don't know that name")
            return f"{unsure}. You can see {names(practitioners)}. Who will it be?"
        return f"I'm sorry. {asked_again(argument, reason)}"
    if list(problems) == ["service"] and services:
        return f"What is the visit for? We offer {names(services)}."
    needed = listed([registry.asked_for(argument) for argument in problems], word="and")
    return f"I still need {needed}. Could you tell me?"


def asked_again(argument: str, reason: str) -> str:
    """The question to ask again: chosen by the reason for a day or a time, and by the subject for a
    name, a number or a birthday."""
    part, _, why = reason.partition(".")
    if argument == "days" and reason != "other_zone":
        return QUESTIONS["days"]
    is_about = argument in ("date", "time") or reason == "unclear"
    subject = (registry.subject_of(argument) or part) if is_about else part
    by_reason = QUESTIONS.get(why or reason) if subject in ("day", "time", reason) else None
    return by_reason or QUESTIONS.get(reason) or QUESTIONS.get(subject, REPEAT)
