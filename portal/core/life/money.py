"""What money does to a running plan: it fills payments, cures, lets reductions vest, completes; or it goes back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.core.agreements.books import Due, pay_installments
from portal.core.life.clock import day_of
from portal.core.life.state import DUE, Life, Row
from portal.core.life.terms import LifeTerms

Part = tuple[int, int]
"""The number of a payment and minor units of it."""

FINAL_AFTER_DAYS = {
    "acss_debit": 5,
    "au_becs_debit": 7,
    "bacs_debit": 6,
    "sepa_debit": 14,
    "us_bank_account": 5,
}
"""Days after which the bank does not take a collected payment back by itself, by method; every other is final at once.

A card payment can still be questioned later: then the plan opens again without a mark.
"""


class Turn(NamedTuple):
    """What money made happen: the gap closed, so much is forgiven for good now, everything is paid.

    `is_re_aged`: so many payments were kept that the account counts as up to date.
    """

    is_cured: bool = False
    vested: int = 0
    is_completed: bool = False
    is_re_aged: bool = False


def parts_of(life: Life, amount: int) -> tuple[Part, ...]:
    """Return which payments an amount fills, the oldest first; what exceeds all of them is not placed."""
    dues = [Due(number=row.number, left_minor=row.left) for row in life.rows]
    return pay_installments(amount_minor=amount, dues=dues)


def with_paid(life: Life, parts: Sequence[Part], *, at: datetime) -> Life:
    """Return the life after money filled some payments."""
    life = replace(life, as_of=at)
    for number, part in parts:
        row = life.row(number)
        if row is not None:
            life = life.with_rows(replace(row, paid=row.paid + part))
    return life


def with_given_back(life: Life, parts: Sequence[Part], *, at: datetime, zone: ZoneInfo) -> Life:
    """Return the life after money of some payments went back: they open again without a mark, their grace begins anew.

    A completed plan runs again; what was forgiven on the way stays forgiven, the rest waits for its end again.
    """
    life = replace(life, as_of=at, state="active" if life.state == "completed" else life.state)
    for number, part in parts:
        row = life.row(number)
        if row is not None and part:
            life = life.with_rows(_opened(replace(row, paid=row.paid - part), at=at, zone=zone))
    return life


def _opened(row: Row, *, at: datetime, zone: ZoneInfo) -> Row:
    is_past = row.due_on <= day_of(at, zone)
    return replace(row, told=DUE if is_past else min(row.told, DUE), since=at if is_past else row.since)


def final_at(settled: Sequence[tuple[datetime, str]]) -> datetime | None:
    """Return when the last of some payments (moment, method) is final; None without payments."""
    return max((at + timedelta(days=FINAL_AFTER_DAYS.get(method, 0)) for at, method in settled), default=None)


def turn(life: Life, terms: LifeTerms, *, had_missed: bool, is_final: bool) -> tuple[Life, Turn]:
    """Return the life after money came in, and what that made happen.

    `had_missed`: some payment was missed before. The same agreement and its reduction come back when the gap is paid,
    also after the plan broke, until the days to catch up are over. All paid completes only when the money is final;
    what vests then is not counted among `vested`, because it is owed again if the money goes back.
    """
    is_cured = (
        life.state in {"active", "broken"} and (had_missed or life.state == "broken") and not life.missed
    )
    if is_cured:
        life = replace(life, state="active", broken_on=None)
    has_earned = 0 < terms.re_age_kept <= life.kept_in_a_row
    is_re_aged = has_earned and not life.is_re_aged and life.state == "active"
    life = replace(life, is_re_aged=life.is_re_aged or is_re_aged)
    is_completed = is_final and not life.left and life.state == "active"
    if is_completed:
        return replace(life, state="completed"), Turn(
            is_cured, terms.waived - life.vested, is_completed=True, is_re_aged=is_re_aged
        )
    reached = terms.vests_at(paid=min(life.paid, life.total - 1), total=life.total)
    vested = max(reached - life.vested, 0) if life.state == "active" else 0
    return replace(life, vested=life.vested + vested), Turn(is_cured, vested, is_re_aged=is_re_aged)


def un_aged(life: Life, terms: LifeTerms) -> tuple[Life, bool]:
    """Return the life after money went back, and whether its re-age ended: fewer payments are made than it asks for."""
    made = sum(1 for row in life.rows if row.number > 0 and row.amount and not row.left)
    if not life.is_re_aged or made >= terms.re_age_kept:
        return life, False
    return replace(life, is_re_aged=False), True


def lapse(life: Life, terms: LifeTerms) -> tuple[Life, int]:
    """Return the life after the days to catch up are over, and what of the reduction stays, by what was signed."""
    kept = max(terms.kept_at_end(paid=life.paid, total=life.total) - life.vested, 0)
    return replace(life, vested=life.vested + kept), kept
