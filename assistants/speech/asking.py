"""Asking: what is said where a caller is asked about the same thing again.

The second question says how to say it, the third offers another way; these two take turns.
`questions` counts.
"""

from assistants.outcomes import WayOut
from assistants.speech.wording import SAY_MONTH_FIRST, spelled
from tenants import organizations

HOW_TO_SAY = {
    "all": "Please tell me one thing at a time.",
    "day": "Please say it as a day and a time, such as Tuesday the fourth at two thirty in the"
    " afternoon.",
    "time": "Please say it with its half of the day, such as two thirty in the afternoon.",
    "name": "Please say the first name and spell it letter by letter, then the last name the same"
    " way.",
    "phone": "Please say the number we can reach you at digit by digit, area code first.",
    "email": "Please say it letter by letter, with “at” and “dot” where they stand.",
    "service": "Please say one of those names, as I said it.",
    "another": "Please say what else I can book, or ask for a call back.",
    "practitioner": "Please say one of those names, or say that anybody will do.",
    "reference": "Please say its letters and digits one by one, such as 7, Q, 2, M, K.",
    "visit": "Please say the day and the time of the one you mean.",
    "proof": "Please say the reference letter by letter, and the date of birth with day, month and"
    " year.",
    "whose": "Please say the first and the last name, and spell them letter by letter.",
    "alike": "If it is for somebody else, please spell their first and last name letter by letter.",
}
BIRTHDAY = "Please say {order}, such as {example}, nineteen eighty-five."
STILL_WITHOUT = {
    "day": "the day",
    "time": "the time",
    "name": "the name",
    "phone": "the phone number",
    "email": "the e-mail address",
    "birth_date": "the date of birth",
    "service": "what the visit is for",
    "another": "anything that I can book",
    "practitioner": "who you would like to see",
    "reference": "the reference",
    "visit": "which visit you mean",
    "whose": "whose appointment it is",
    "alike": "whether the visit is for them",
}


def how_to_say(subject: str) -> str:
    if subject != "birth_date":
        return HOW_TO_SAY.get(subject, "Please say it in a few plain words.")
    is_month_first = organizations.current().phone_region in SAY_MONTH_FIRST
    if is_month_first:
        return BIRTHDAY.format(order="the month, the day and the year", example="March the fourth")
    return BIRTHDAY.format(order="the day, the month and the year", example="the fourth of March")


EMAIL_MISSED = "I didn't catch the e-mail address."
EMAIL_UNSAID = "Please tell the clinic your e-mail address at the visit."


def for_email(before: int) -> str:
    """An address is optional: after the third question we stop asking."""
    if before == 0:
        return f"{EMAIL_MISSED} Could you say it once more?"
    if before % 2:
        return f"{EMAIL_MISSED} {HOW_TO_SAY['email']}"
    return (
        "I still don't have the e-mail address, and we can do without it. Is there anything else?"
    )


def still_without(subject: str) -> str:
    return f"I'm sorry, I still don't have {STILL_WITHOUT.get(subject, 'that')}."


def way_out(subject: str, way: WayOut) -> str:
    if way.own_number:
        return "Shall I take the number you are calling from?"
    if way.callback:
        anybody = "Shall I look for a time with anybody, or shall the clinic call you back?"
        return anybody if subject == "practitioner" else "Shall the clinic call you back?"
    if way.transfer:
        return "Shall I see who you can talk to at the clinic now?"
    if way.number:
        return f"Please call the clinic at {spelled(way.number)}."
    return "Please call the clinic again during its opening hours."


def statement(text: str) -> str:
    """What is said before the question at the end of `text`; all of `text`, if it does not end in a
    question."""
    said, dot, _ = text.rpartition(". ")
    return f"{said}{dot}".strip() if text.endswith("?") else text
