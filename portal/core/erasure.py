"""What is erased when somebody asks, and what is kept for how long because the law or an open matter asks for it."""

from dataclasses import dataclass
from datetime import date, datetime

WANTED = ("email", "monthly_income", "budgets", "devices")
"""What no law asks to keep: erased at once, whatever else must stay."""
KEPT_FOR_LAW = (
    "name", "birth_date", "id_last4", "phone", "messages", "disputes", "complaints", "handoffs", "documents",
    "signatures",
)  # fmt: skip
"""What proves how somebody was treated: erased when the time of the law has passed and nothing is open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What may keep a person's data: open accounts, a running agreement, a hold of any cause, the last activity."""

    open_accounts: int
    running_agreements: int
    holds: int
    open_matters: int
    last_activity_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """What goes now, what stays, why it stays (codes), and until when if only the time must pass."""

    now: tuple[str, ...]
    kept: tuple[str, ...]
    reasons: tuple[str, ...]
    until: date | None = None


def erasure_of(standing: Standing, *, retention_years: int, today: date) -> Erasure:
    """Return what is erased today. A hold of any cause keeps everything that proves something: it is the legal hold.

    The years count from the last activity (12 CFR 1006.100: three years after the last collection activity; the
    pack's figure is never below the house's own).
    """
    found = {
        "account_open": standing.open_accounts,
        "agreement_running": standing.running_agreements,
        "hold": standing.holds,
        "matter_open": standing.open_matters,
    }
    reasons = [code for code, count in found.items() if count]
    until = None
    if standing.last_activity_at is not None:
        until = _years_after(standing.last_activity_at.date(), retention_years)
        if today <= until:
            reasons.append("retention")
    if reasons:
        told = until if reasons == ["retention"] else None
        return Erasure(now=WANTED, kept=KEPT_FOR_LAW, reasons=tuple(reasons), until=told)
    return Erasure(now=WANTED + KEPT_FOR_LAW, kept=(), reasons=())


def years_before(day: date, years: int) -> date:
    """Return the same day so many years ago; February 28 where there was no 29."""
    return _years_after(day, -years)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # February 29
        return day.replace(year=day.year + years, day=28)
