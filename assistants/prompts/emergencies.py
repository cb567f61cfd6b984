"""Emergencies: which number a caller in danger is told, by country, and in which sentence."""

# The longest sentence, in characters. What was booked must fit after it, in the 350 characters of
# an answer.
MOST = 150
TOO_LONG = f"At most {MOST} characters: behind it a caller is told what was booked."

# The number for an ambulance. Europe's 112 is Directive (EU) 2018/1972, article 109; the others
# are those of the countries' own services, each of them held against libphonenumber's list of
# emergency numbers in the tests. A country that is not here is better told no number than a wrong
# one.
EUROPE = (
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IT", "LV", "LT",
    "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "IS", "LI",
)  # fmt: skip
NUMBERS = {
    **dict.fromkeys(EUROPE, "112"),
    **dict.fromkeys(("US", "CA", "PR", "MX", "PH"), "911"),
    **dict.fromkeys(("GB", "IE", "HK", "MY"), "999"),
    **dict.fromkeys(("JP", "KR", "TW"), "119"),
    **dict.fromkeys(("IN", "ZA", "TR"), "112"),
    "AU": "000",
    "NZ": "111",
    "SG": "995",
    "CN": "120",
    "BR": "192",
    "IL": "101",
    "CH": "144",
    "NO": "113",
}


def sentence(region: str) -> str:
    """`region` is a two-letter country code."""
    number = NUMBERS.get(region, "your local emergency number")
    return f"If this is an emergency, please hang up and call {number} now."
