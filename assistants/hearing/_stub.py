from datetime import date

from .meaning import NotUnderstood, Phone, Reason


def birth_date(text, *, now, region):
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotUnderstood("birth_date", Reason.AMBIGUOUS)


def phone(text, *, region):
    import phonenumbers

    try:
        n = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise NotUnderstood("phone", Reason.NOT_A_NUMBER)
    if not phonenumbers.is_valid_number(n):
        raise NotUnderstood("phone", Reason.NOT_A_NUMBER)
    return Phone(phonenumbers.format_number(n, phonenumbers.PhoneNumberFormat.E164))


def person_name(text):
    return " ".join(text.split())


def email(text):
    return text if "@" in text else None
