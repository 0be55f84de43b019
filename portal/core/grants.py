"""What a debtor lets a counselor do. Signing and paying cannot be granted: there is no word for them."""

from datetime import timedelta

SCOPES = ("view", "budget", "propose")
"""`view`: balance, offers, agreement, payments. `budget`: see its sums and record it. `propose`: ask for plans."""

CODE_LIFE = timedelta(days=7)
DAYS_DEFAULT = 90
DAYS_MAX = 365


def clean_scopes(scopes: list[str]) -> tuple[str, ...]:
    """Return the known scopes among `scopes`, each once, in their order."""
    return tuple(scope for scope in SCOPES if scope in scopes)
