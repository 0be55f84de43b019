"""An independent, slow life of a plan: it walks from tick to tick and counts every day by itself."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

DAY = timedelta(days=1)
RANK = ["resumed", "lapsed", "replanned", "broken", "missed", "due", "reminder", "upcoming"]
LEVEL = {"upcoming": 1, "due": 2, "reminder": 3, "missed": 4}


@cache
def instant(day, hour, zone):
    """Look through the half hours of two days for the first one that shows the hour of the day or a later one."""
    at = datetime.combine(day, time(0), tzinfo=UTC) - timedelta(hours=15)
    step = timedelta(minutes=30)
    while (at.astimezone(zone).date(), at.astimezone(zone).hour) < (day, hour):
        at += step
    return at


def months_length(year, month):
    return ((date(year + month // 12, month % 12 + 1, 1)) - date(year, month, 1)).days


def is_anchor(day, rhythm):
    if rhythm.freq == "monthly":
        return day.day == min(rhythm.due_day, months_length(day.year, day.month))
    step = {"weekly": 7, "fortnightly": 14, "four_weekly": 28}[rhythm.freq]
    return (day - rhythm.first_on).days % step == 0


def next_dates(rhythm, after, count, is_frozen):
    found, day = [], after - 12 * DAY
    while len(found) < count:
        day += DAY
        if not is_anchor(day, rhythm):
            continue
        rolled = day
        while rhythm.rule == "following" and rolled.weekday() > 4:
            rolled += DAY
        if rolled > after and not is_frozen(rolled) and (not found or rolled > found[-1]):
            found.append(rolled)
    return found


class SlowLife:
    """Rows are lists [number, due_on, amount, paid, told, since]; holds are (start, end or None)."""

    def __init__(self, rows, terms, zone, holds, born):
        self.rows = [[n, due, amount, 0, 0, born] for n, due, amount in rows]
        self.terms, self.zone, self.holds = terms, zone, holds
        self.state, self.broken_on, self.moves, self.vested, self.acts = "active", None, [], 0, []
        self.re_aged = False

    def day(self, at):
        return at.astimezone(self.zone).date()

    def frozen_at(self, at):
        return any(start <= at and (end is None or at < end) for start, end in self.holds)

    def frozen_on(self, day):
        return any(
            self.day(start) <= day and (end is None or day < self.day(end)) for start, end in self.holds
        )

    def known(self, at):
        begun = [(start, end) for start, end in self.holds if start <= at and end is not None]
        return lambda day: any(self.day(start) <= day < self.day(end) for start, end in begun)

    def after_days(self, day, count):
        """Walk on until `count` days that are not frozen were passed; None when that takes more than a year."""
        for _ in range(500):
            if not count:
                return day
            day += DAY
            count -= not self.frozen_on(day)
        return None

    def due_by(self, row, kind):
        base = max(row[1], self.day(row[5]))
        if kind == "upcoming":
            at = instant(base - 3 * DAY, 9, self.zone)
            return at if at >= row[5] else None
        if kind == "due":
            return instant(base, 0, self.zone)
        last = self.after_days(base, 1 if kind == "reminder" else self.terms.grace_days)
        if last is None:
            return None
        return instant(last, 9, self.zone) if kind == "reminder" else instant(last + DAY, 0, self.zone)

    def missed(self):
        return [row for row in self.rows if row[4] == 4 and row[3] < row[2]]

    def fell(self, row, at):
        for start, end in self.holds:
            inside = end is not None and end <= at and row[5] < end
            if inside and row[3] < row[2] and row[4] < 4 and self.day(start) <= row[1] < self.day(end):
                return True
        return False

    def ready(self, at):
        found = []
        if self.state not in {"active", "broken"} or self.frozen_at(at):
            return found
        if any(self.fell(row, at) for row in self.rows):
            found.append(("resumed", -1))
        if self.state == "broken":
            last = self.after_days(self.broken_on, self.terms.cure_days)
            if last is not None and instant(last + DAY, 0, self.zone) <= at:
                found.append(("lapsed", -1))
        elif len(self.missed()) >= self.terms.missed_before_broken:
            found.append(("replanned" if len(self.missed()) <= self.left_moves(at) else "broken", -1))
        for row in self.rows:
            for kind, level in LEVEL.items():
                if row[3] < row[2] and row[4] < level and row[4] != 4:
                    when = self.due_by(row, kind)
                    if when is not None and when <= at:
                        found.append((kind, row[0]))
        return found

    def left_moves(self, at):
        today, used = self.day(at), 0
        for moved_at, _number, _before, _due, why in self.moves:
            back = today
            year, month = (back.year - 1, back.month)
            limit = date(year, month, min(back.day, months_length(year, month)))
            used += why != "hold" and self.day(moved_at) > limit
        return max(self.terms.moves_per_year - used, 0)

    def tick(self, at):
        while found := self.ready(at):
            kind, number = min(found, key=lambda one: (RANK.index(one[0]), one[1]))
            self.acts.append((at, kind, number))
            self.perform(at, kind, number)

    def move(self, at, row, due_on, why):
        self.moves.append((at, row[0], row[1], due_on, why))
        row[1], row[4], row[5] = due_on, 0, at

    def to_end(self, at, rows, why):
        last = max([self.day(at), *(row[1] for row in self.rows)])
        for row, day in zip(
            rows, next_dates(self.terms.rhythm, last, len(rows), self.known(at)), strict=True
        ):
            self.move(at, row, day, why)

    def perform(self, at, kind, number):
        if kind in LEVEL:
            next(row for row in self.rows if row[0] == number)[4] = LEVEL[kind]
        elif kind == "resumed":
            self.resume(at)
        elif kind == "replanned":
            self.to_end(at, self.missed(), "replan")
        elif kind == "broken":
            self.state, self.broken_on = "broken", self.day(at)
        else:
            self.state = "lapsed"
        self.rows.sort(key=lambda row: (row[1], row[0]))

    def resume(self, at):
        fallen = [row for row in self.rows if self.fell(row, at)]
        alone = sum(1 for row in self.rows if row[0] and row[2]) == 1
        for row in [row for row in fallen if alone or not row[0]]:
            begun = row[1]
            while self.known(at)(begun):
                begun -= DAY
            day, left = begun, (row[1] - begun).days
            while left:
                day += DAY
                left -= not self.known(at)(day)
            while self.terms.rhythm.rule == "following" and day.weekday() > 4:
                day += DAY
            self.move(at, row, day, "hold")
        self.rows.sort(key=lambda row: (row[1], row[0]))
        self.to_end(at, [row for row in fallen if not alone and row[0]], "hold")

    def pay(self, at, amount):
        had = bool(self.missed())
        for row in self.rows:
            part = min(amount, row[2] - row[3])
            row[3] += part
            amount -= part
        if self.state in {"active", "broken"} and (had or self.state == "broken") and not self.missed():
            self.state, self.broken_on = "active", None
            self.acts.append((at, "cured", -1))
        if self.state == "active" and not self.re_aged and self.has_earned_it():
            self.re_aged = True
            self.acts.append((at, "re_aged", -1))
        if self.state == "active" and all(row[3] == row[2] for row in self.rows):
            self.state = "completed"
            self.acts.append((at, "completed", -1))

    def has_earned_it(self):
        """Look for as many payments, one behind the other up to the newest, that were never missed."""
        asked, counted = self.terms.re_age_kept, [row for row in self.rows if row[0] and row[2]]
        first_open = next((i for i, row in enumerate(self.rows) if row[3] < row[2]), len(self.rows))
        if not asked or self.missed():
            return False
        made = [row for row in counted if self.rows.index(row) < first_open]
        return len(made) >= asked and all(row[4] != 4 for row in made[-asked:])

    def give_back(self, at, amount):
        if self.state == "completed":
            self.state = "active"
        for row in reversed(self.rows):
            part = min(amount, row[3])
            amount -= part
            row[3] -= part
            if part and row[1] <= self.day(at):
                row[4], row[5] = 2, at
            elif part:
                row[4] = min(row[4], 2)
        full = [row for row in self.rows if row[0] and row[2] and row[3] == row[2]]
        if self.re_aged and len(full) < self.terms.re_age_kept:
            self.re_aged = False
            self.acts.append((at, "un_aged", -1))


def ticks(first, last, zone, holds, extra):
    """Every local midnight and nine o'clock from day to day, the ends of holds, and the given moments."""
    found, day = set(extra) | {end for _start, end in holds if end is not None}, first
    while day <= last:
        found |= {instant(day, 0, zone), instant(day, 9, zone)}
        day += DAY
    return sorted(found)
