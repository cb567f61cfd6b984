"""Countries: where the same words mean different things."""

from tenants.countries import MONTH_FIRST  # the desk reads dates by it, too

__all__ = ["EITHER_ORDER", "HALF_MEANS_PAST", "MONTH_FIRST", "OF_MEANS_TO"]

# "03/04" is the fourth of March in the countries of MONTH_FIRST; in the rest of the world it is the
# third of April, except where both are usual: there we ask, unless only one of the two days exists.
EITHER_ORDER = frozenset({"CA", "CN", "JP", "KR", "TW", "HU", "LT", "MN"})

# Where "half two" is 14:30. Elsewhere it is 1:30 (as in German) or unknown, so we ask.
HALF_MEANS_PAST = frozenset({"GB", "IE"})
# Where "a quarter of three" is 2:45.
OF_MEANS_TO = frozenset({"US", "CA"})
