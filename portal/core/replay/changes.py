"""Changes to a running plan: dates, term, grace, rate, amount, re-age, re-amortize, rebate."""

from datetime import date, timedelta
from fractions import Fraction

from portal.core.calendar import add_months
from portal.core.daycount import year_fraction
from portal.core.errors import ReplayError
from portal.core.rates import Interest, common
from portal.core.replay.happenings import (
    AmountChanged,
    DateMoved,
    GraceGiven,
    RateChanged,
    ReAged,
    ReAmortized,
    Rebated,
    Rhythm,
    TermExtended,
)
from portal.core.replay.state import Book, Line
from portal.core.rows import ROWS_MAX, interest_of
from portal.core.schedule import follow, level
from portal.core.spread import equal_principal


def stepped(first_on: date, rhythm: Rhythm, count: int) -> list[date]:
    """Return `count` dates from `first_on` by the rhythm, months stepped from its day."""
    if rhythm.months:
        return [add_months(first_on, k * rhythm.months) for k in range(count)]
    return [first_on + timedelta(days=k * rhythm.days) for k in range(count)]


def move_date(book: Book, change: DateMoved) -> None:
    """Move a row and all later ones by the same step."""
    first = _row_due(book, change.from_due_on)
    rows = [line for line in book.lines[first:] if not line.is_extra]
    if (
        first
        and change.new_due_on <= book.lines[first - 1].due_on
        and not book.lines[first - 1].is_down_payment
    ):
        raise ReplayError("a row cannot move before the one in front of it")
    for line, due_on in zip(rows, stepped(change.new_due_on, book.terms.rhythm, len(rows)), strict=True):
        line.due_on = due_on
    _link(book)
    _renew(book, first)


def extend(book: Book, change: TermExtended) -> None:
    """Spread the principal from a row on over more rows."""
    first = _row_due(book, change.from_due_on)
    _with_rows(book, first, change.rows)
    _respread(book, first)


def give_grace(book: Book, change: GraceGiven) -> None:
    """Put in rows without principal."""
    first = _row_due(book, change.from_due_on)
    rows = [line for line in book.lines[first:] if not line.is_extra]
    if any(line.paid_total for line in rows):
        raise ReplayError("a grace cannot be put before rows that were paid")
    principals = [0] * change.rows + [line.principal for line in rows]
    _with_rows(book, first, change.rows)
    for line, principal in zip(book.lines[first:], principals, strict=False):
        line.principal = principal
    _interest_only(book, first, change.rows)
    for line in book.lines[first : first + change.rows]:
        if not line.due:
            line.paid_on = book.terms.start_on  # nothing is due: complete from the start


def change_rate(book: Book, change: RateChanged) -> None:
    """Let later rows bear another rate."""
    book.annual_rate = change.annual_rate
    _renew(book, _row_due(book, change.from_due_on))


def change_amount(book: Book, change: AmountChanged) -> None:
    """Let later rows pay another amount; rows are dropped or added at the end."""
    first = _row_due(book, change.from_due_on)
    rows = [line for line in book.lines[first:] if not line.is_extra]
    left = sum(line.principal for line in rows)
    if change.amount < 1 or any(line.paid_total for line in rows) or not left:
        raise ReplayError("only unpaid rows can get another amount, and it is above zero")
    count = min(ROWS_MAX, -(-left // change.amount) * 4 + len(rows))
    dates = stepped(rows[0].due_on, book.terms.rhythm, count)
    interest = _interest(book, rows[0].start_on, dates)
    plan = follow(amount=left, due_dates=dates, payments=[change.amount] * count, interest=interest)
    if plan.last > change.amount:
        raise ReplayError("the amount does not even pay the interest")
    _with_rows(book, first, len(plan.rows) - len(rows))
    for line, row in zip(book.lines[first:], plan.rows, strict=False):
        line.principal, line.interest = row.principal, row.interest


def re_age(book: Book, change: ReAged) -> None:
    """Move unpaid principal to new rows. Rows not reached yet and untouched disappear."""
    if change.rows < 1:
        raise ReplayError("a re-age needs at least one new row")
    moved = 0
    kept: list[Line] = []
    for line in book.lines:
        unpaid = line.unpaid_principal
        moved += unpaid
        line.principal -= unpaid
        if line.due_on >= change.start_on and not line.due:
            continue
        if unpaid and line.due == line.paid_total:
            line.paid_on = change.on
        kept.append(line)
    if not moved:
        raise ReplayError("no unpaid principal is left to re-age")
    last = max((line.due_on for line in kept), default=book.terms.start_on)
    if change.start_on <= last or change.start_on < change.on:
        raise ReplayError("new rows start after the rows that stay")
    dates = stepped(change.start_on, change.rhythm, change.rows)
    book.lines = kept + [Line(last, due_on, 0) for due_on in dates]
    _spread(book, moved, book.lines[len(kept) :])
    _link(book)


def re_amortize(book: Book, change: ReAmortized) -> None:
    """Move unpaid principal of rows due so far evenly onto the rows to come, the remainder on the last."""
    past = [line for line in book.lines if line.due_on <= change.on]
    later = [line for line in book.lines if line.due_on > change.on and not line.is_extra]
    moved = sum(line.unpaid_principal for line in past)
    if not moved or not later:
        raise ReplayError("nothing past due, or no later row, to re-amortize")
    for line in past:
        unpaid = line.unpaid_principal
        line.principal -= unpaid
        if unpaid and line.due == line.paid_total:
            line.paid_on = change.on
    each = round(Fraction(moved, len(later) * book.terms.lattice)) * book.terms.lattice
    for line in later[:-1]:
        now = min(each, moved)
        line.principal += now
        moved -= now
    later[-1].principal += moved


def rebate(book: Book, change: Rebated) -> None:
    """Take interest off, from the last row backwards."""
    left = change.amount
    for line in reversed(book.lines):
        now = min(left, line.interest - line.paid["interest"])
        line.interest -= now
        left -= now
        if now and line.due == line.paid_total:
            line.paid_on = line.paid_on or change.on
    if left:
        raise ReplayError("a rebate is not more than the unpaid interest")


def _row_due(book: Book, due_on: date) -> int:
    for index, line in enumerate(book.lines):
        if line.due_on >= due_on and not line.is_down_payment and not line.is_extra:
            return index
    raise ReplayError(f"no row is due on or after {due_on}")


def _link(book: Book) -> None:
    before = book.terms.start_on
    for line in book.lines:
        line.start_on = before
        before = line.due_on


def _with_rows(book: Book, first: int, more: int) -> None:
    """Add rows at the end by the rhythm, or drop them, from the row `first` on."""
    rows = [line for line in book.lines[first:] if not line.is_extra]
    extra = [line for line in book.lines[first:] if line.is_extra]
    if more > 0:
        dates = stepped(rows[0].due_on, book.terms.rhythm, len(rows) + more)[len(rows) :]
        rows += [Line(rows[-1].due_on, due_on, 0) for due_on in dates]
    else:
        rows = rows[: len(rows) + more]
    for line in extra:
        line.due_on = max(line.due_on, rows[-1].due_on + timedelta(days=1))
    book.lines[first:] = [*rows, *extra]
    _link(book)


def _spread(book: Book, amount: int, lines: list[Line]) -> None:
    """Spread principal evenly by the plan's lattice, the last line taking the remainder."""
    lattice = book.terms.lattice
    each = round(Fraction(amount, len(lines) * lattice)) * lattice
    left = amount
    for line in lines[:-1]:
        line.principal = min(each, left)
        left -= line.principal
    lines[-1].principal = left


def _respread(book: Book, first: int) -> None:
    rows = [line for line in book.lines[first:] if not line.is_extra]
    if any(line.paid_total for line in rows):
        raise ReplayError("rows that were paid cannot be spread anew")
    _spread(book, sum(line.principal for line in rows), rows)
    _renew(book, first)


def _period(book: Book, start: date, end: date) -> Fraction:
    rate, rhythm = Fraction(book.annual_rate), book.terms.rhythm
    if book.terms.day_count is not None:
        return rate * year_fraction(start, end, book.terms.day_count)
    return rate * rhythm.months / 12 if rhythm.months else rate * rhythm.days / 365


def _interest(book: Book, start_on: date, dates: list[date]) -> Interest:
    starts = [start_on, *dates[:-1]]
    return common([_period(book, start, end) for start, end in zip(starts, dates, strict=True)])


def _renew(book: Book, first: int) -> None:
    """Work out interest anew from a row on, by the plan's method, on unpaid rows."""
    rows = [line for line in book.lines[first:] if not line.is_extra and not line.paid_total]
    if book.terms.method == "none" or not rows:
        return
    if book.terms.method == "flat":
        whole = book.terms.schedule.amount
        for line in rows:
            line.interest = round(whole * _period(book, line.start_on, line.due_on))
        return
    left = sum(line.principal for line in rows)
    dates = [line.due_on for line in rows]
    interest = _interest(book, rows[0].start_on, dates)
    build = level if book.terms.method == "level" else equal_principal
    plan = build(
        amount=left,
        due_dates=dates,
        interest=interest,
        lattice=book.terms.lattice,
        rounding="half_even",
    )
    for line, row in zip(rows, plan.rows, strict=True):
        line.principal, line.interest = row.principal, row.interest


def _interest_only(book: Book, first: int, count: int) -> None:
    """Let the rows of a grace bear the interest on the balance, then the rest as agreed."""
    if book.terms.method == "flat":
        _renew(book, first)
        return
    rows = [line for line in book.lines[first:] if not line.is_extra]
    left = sum(line.principal for line in rows)
    interest = _interest(book, rows[0].start_on, [line.due_on for line in rows])
    for k, line in enumerate(rows[:count]):
        line.interest = interest_of(left, interest.numerators[k], interest.denominator)
    _renew(book, first + count)
