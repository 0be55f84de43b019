"""Why contact or collection on an account can stop, as the lender's case system may say it."""

CAUSES = (
    "dispute",
    "complaint",
    "moratorium",
    "adviser",
    "deceased",
    "bankrupt",
    "statutory_freeze",
    "statute_barred",
)
"""Causes are codes; none of them tells about anybody's health."""

RECALL_REASONS = ("sold", "paid", "error", "legal", "returned", "other")
"""Why a lender takes an account back."""

ADJUSTMENT_REASONS = (
    "payment_elsewhere",
    "fee_waived",
    "interest_waived",
    "interest_charged",
    "fee_charged",
    "credit",
    "correction",
)
"""Why what is owed changed outside the portal."""
