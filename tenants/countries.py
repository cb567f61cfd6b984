"""Countries: how dates are written and said in them. It needs no Django, as hearing does not."""

# Where "03/04" is the fourth of March.
MONTH_FIRST = frozenset({"US", "PH", "PR", "GU", "VI", "AS", "MP", "FM", "MH", "PW"})
