"""Make the plan of some terms: its dated schedule, split by account, with what is waived and vested."""

from datetime import date, timedelta

from portal.core.money import share
from portal.core.plans.frame import Frame, waived_by_debt, waived_of
from portal.core.plans.grammar import WHOLE, Conventions, Milestone, Plan, Row, Terms, Waived, canonical_id
from portal.core.plans.outline import Outline, dated_schedule, outline
from portal.core.rows import Row as ScheduleRow


def build(
    terms: Terms,
    frame: Frame,
    *,
    milestones: tuple[Milestone, ...] = (),
    tranches: tuple[tuple[int, int], ...] = (),
    cure_days: int = 0,
) -> Plan | None:
    """Return the plan of these terms for this debt, or None where they make none (see `outline`).

    `tranches` are (basis points paid, basis points of the write-off) from the bounds.
    """
    if terms.family == "breathing_space":
        return _pause(terms, frame)
    shape = outline(terms, frame)
    if shape is None:
        return None
    rows = _rows(terms, frame, shape)
    waived = waived_of(terms, frame)
    if terms.shape == "index":
        waived = Waived(principal=frame.balance - shape.after)
    vested = tuple((paid, waived.total * part // WHOLE) for paid, part in tranches) if waived.total else ()
    return Plan(
        id=canonical_id(terms),
        family=terms.family,
        currency=frame.currency,
        params=terms,
        schedule=_split(rows, frame, terms),
        balance=frame.balance,
        amount=shape.after,
        total=shape.total,
        waived=waived,
        milestones=milestones,
        tranches=vested,
        conventions=_conventions(terms, frame),
        cure_days=cure_days,
        residual=shape.residual,
        left_out=frame.left_out,
        made_on=frame.as_of,
    )


def _conventions(terms: Terms, frame: Frame) -> Conventions:
    return Conventions(
        day_count=_day_count(terms, frame),
        allocation=terms.order or "fees_interest_principal",
        business_day=frame.business_day,
        lattice=frame.lattice,
    )


def _day_count(terms: Terms, frame: Frame) -> str:
    """Flat interest counts whole periods, whatever their days."""
    if not terms.rate_ppm:
        return "none"
    return "30/360" if terms.method == "flat" else frame.day_count


def _pause(terms: Terms, frame: Frame) -> Plan:
    return Plan(
        id=canonical_id(terms),
        family=terms.family,
        currency=frame.currency,
        params=terms,
        schedule=(),
        balance=frame.balance,
        amount=frame.balance,
        total=0,
        resumes_on=frame.as_of + timedelta(days=terms.pause_days),
        left_out=frame.left_out,
        made_on=frame.as_of,
    )


def _rows(terms: Terms, frame: Frame, shape: Outline) -> list[Row]:
    rows = []
    if shape.down:
        rows.append(_row(frame, frame.down_on, 0, shape.down, 0))
    if terms.rate_ppm:
        plan = dated_schedule(terms, frame, shape.after - shape.down)
        capitalized = sum(row.principal for row in plan.rows) - plan.amount
        for row in plan.rows:
            part = min(capitalized, row.principal)
            capitalized -= part
            rows.append(_taken(row, part, frame))
        return rows
    dates = frame.dates(shape.periods, after_down=shape.down > 0)
    return rows + _free_rows(shape, dates, frame)


def _taken(row: ScheduleRow, capitalized: int, frame: Frame) -> Row:
    """Count interest that was added to the sum during a grace as interest, first."""
    return _row(frame, row.due_on, row.number, row.amount, row.interest + capitalized)


def _row(frame: Frame, due_on: date, number: int, amount: int, interest: int) -> Row:
    split = ((frame.debts[0].account_ref, amount),) if len(frame.debts) == 1 else ()
    return Row(
        due_on=due_on,
        number=number,
        amount=amount,
        principal=amount - interest,
        interest=interest,
        account_split=split,
    )


def _free_rows(shape: Outline, dates: tuple[date, ...], frame: Frame) -> list[Row]:
    rows: list[Row] = []
    position = 0
    for count, amount in shape.runs:
        days = dates[position : position + count] if amount else ()
        rows += [_row(frame, day, len(rows) + k, amount, 0) for k, day in enumerate(days, 1)]
        position += count
    return rows


def _split(rows: list[Row], frame: Frame, terms: Terms) -> tuple[Row, ...]:
    """Give each account its part of each row, so that parts add up along both ways."""
    refs = [debt.account_ref for debt in frame.debts]
    if len(refs) == 1:
        return tuple(rows)  # made whole already
    left = list(slices(terms, frame))
    split = []
    for i, row in enumerate(rows):
        last = i == len(rows) - 1
        parts = _parts(row.principal, left, frame, last=last)
        extra = share(row.interest, [max(1, debt.balance) for debt in frame.debts])
        left = [owed - part for owed, part in zip(left, parts, strict=True)]
        split.append(_with(row, tuple((r, p + e) for r, p, e in zip(refs, parts, extra, strict=True))))
    return tuple(split)


def slices(terms: Terms, frame: Frame) -> tuple[int, ...]:
    """Return what each account owes after the waiver."""
    waived = waived_by_debt(terms, frame)
    return tuple(debt.balance - part.total for debt, part in zip(frame.debts, waived, strict=True))


def _parts(amount: int, left: list[int], frame: Frame, *, last: bool) -> tuple[int, ...]:
    if last and sum(left) == amount:
        return tuple(left)
    if frame.order in ("", "pro_rata"):
        return share(amount, left) if sum(left) else tuple(0 for _ in left)
    parts = [0] * len(left)
    for i in _ranking(frame):
        parts[i] = min(left[i], amount)
        amount -= parts[i]
    return tuple(parts)


def _ranking(frame: Frame) -> list[int]:
    debts = frame.debts
    if frame.order == "dearest_first":
        return sorted(range(len(debts)), key=lambda i: (-debts[i].apr_ppm, debts[i].account_ref))
    if frame.order == "smallest_first":
        return sorted(range(len(debts)), key=lambda i: (debts[i].balance, debts[i].account_ref))
    return sorted(range(len(debts)), key=lambda i: debts[i].account_ref)


def _with(row: Row, split: tuple[tuple[str, int], ...]) -> Row:
    return Row(
        due_on=row.due_on,
        number=row.number,
        amount=row.amount,
        principal=row.principal,
        interest=row.interest,
        account_split=split,
    )
