"""Random lives of debts to several creditors, some paid in other currencies, against exact fractions.

Each history signs a plan for each debt, pays it in parts, early, too much, in another currency, is told refunds,
refunds that fail and disputes in a shuffled order and twice, plans anew, and in the end may give everything back. The
books are kept by the same functions of the core as the product's; the oracle knows only what came in, what went back,
and fractions.
"""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from portal.core.agreements.books import Due, Owed, pay_installments, settle
from portal.core.fx import FxRules, Rate, money_legs, quote, worth
from portal.core.money import Money, exponent, share
from portal.core.payment_story import learn, standing
from portal.core.payments import Kind, PaymentNotice

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
CURRENCIES = ("USD", "EUR", "JPY", "KWD", "VND")
HALF = Fraction(1, 2)
PARTS = ("fees", "interest", "principal")


class Paid:
    """One payment as the test keeps it: its price, what is known of it, and what of it stays placed."""

    def __init__(self, debt, amount, deal, worth_now):
        self.debt, self.amount, self.deal, self.worth_now = debt, amount, deal, worth_now
        self.facts, self.stays, self.placed = {}, 0, Counter()
        self.books = Counter()
        self.told = []


class Debt:
    """What is owed to one creditor, the plan over it, and its books by name and currency."""

    def __init__(self, dice, currency):
        self.currency = currency
        self.owed = Counter({part: dice.choice([0, 1, 999, 50_000, 123_457]) for part in PARTS})
        self.owed["principal"] += 1
        self.first = sum(self.owed.values())
        self.dues = list(share(self.first, [1] * dice.randint(1, 12)))
        self.payments = []

    @property
    def left(self):
        return sum(self.owed.values())


def a_price(dice, minor, currency):
    """A price in another currency at a random rate; None where it would be less than its smallest unit."""
    other = dice.choice([code for code in CURRENCIES if code != currency])
    scale = 10 ** dice.randint(-3, 4)
    value = (Decimal(dice.randint(1, 10**6)) / 10**6 * Decimal(scale)).quantize(Decimal("0.000001"))
    if not value:
        return None, 0
    rate = Rate(base=currency, other=other, value=value, source="t", at=NOON)
    deal = quote(Money(minor, currency), rate=rate, rules=FxRules(margin_bp=dice.randint(0, 500)), now=NOON)
    if deal is None or deal.pay.minor > 10**14:
        return None, 0
    moved = Rate(base=currency, other=other, value=value * dice.choice([1, 1, 2]), source="t", at=NOON)
    return deal, worth(deal.pay, moved)


def begin(dice, debt):
    """Go to pay: a part, all, or too much, in the debt's currency or another; gives the payment."""
    amount = max(1, debt.left * dice.choice([1, 2, 5, 10, 12]) // 10)
    deal, worth_now = a_price(dice, amount, debt.currency) if dice.random() < 0.4 else (None, 0)
    paid = Paid(debt, amount, deal, worth_now)
    debt.payments.append(paid)
    return paid


def notices(dice, paid):
    """What a provider tells of a payment, shuffled and some of it twice; amounts are in what was charged."""
    charged = paid.deal.pay.minor if paid.deal else paid.amount
    told = [(Kind.SUCCEEDED, charged, {})]
    left = charged
    for number in range(dice.randint(0, 2)):
        part = dice.randint(1, left) if left else 0
        if part:
            told.append((Kind.REFUNDED, part, {"refund_ref": f"re_{number}"}))
            if dice.random() < 0.3:
                told.append((Kind.REFUND_FAILED, part, {"refund_ref": f"re_{number}"}))
            else:
                left -= part
    if left and dice.random() < 0.3:
        told.append((Kind.DISPUTED, left, {"dispute_ref": "dp"}))
        end = dice.choice([Kind.DISPUTE_WON, Kind.DISPUTE_LOST, None])
        if end:
            told.append((end, left, {"dispute_ref": "dp"}))
    if dice.random() < 0.3:
        told.append(dice.choice(told))
    if dice.random() < 0.5:
        dice.shuffle(told)
    return told


def hear(paid, kind, charged, more, at):
    """Add a notice to what is known and bring the books to where it says the payment stands; gives faults."""
    minor = paid.deal.settles(charged) if paid.deal else charged
    amount = Money(minor, paid.debt.currency)
    notice = PaymentNotice(
        event_id="e", event_type="t", kind=kind, at=NOON + timedelta(minutes=at), amount=amount, **more
    )
    paid.told.append((kind, minor, more))
    paid.facts = learn(paid.facts, notice)
    target = standing(paid.facts)
    return move(paid, target.took - target.refunded - target.returned)


def move(paid, after):
    """Place more of a payment or take some off, and post it; gives faults."""
    if after == paid.stays:
        return []
    parts = put(paid, after - paid.stays) if after > paid.stays else take(paid, paid.stays - after)
    sums = Counter({paid.debt.currency: -sum(parts.values())})
    if paid.deal is None:
        paid.books["cash", paid.debt.currency] += after - paid.stays
        sums[paid.debt.currency] += after - paid.stays
    else:
        for leg in money_legs(
            paid.deal, book="cash", before=paid.stays, after=after, worth_now=paid.worth_now
        ):
            paid.books[leg.book, leg.currency] += leg.minor
            sums[leg.currency] += leg.minor
    paid.stays = after
    return [f"a posting leaves {sums}"] if any(sums.values()) else []


def put(paid, amount):
    debt = paid.debt
    settled = settle(amount_minor=amount, owed=Owed(**{part: debt.owed[part] for part in PARTS}))
    parts = Counter({part: getattr(settled, part) for part in (*PARTS, "credit")})
    for part in PARTS:
        debt.owed[part] -= parts[part]
    dues = [Due(number=place, left_minor=left) for place, left in enumerate(debt.dues)]
    for place, part in pay_installments(amount_minor=amount - settled.credit, dues=dues):
        debt.dues[place] -= part
    paid.placed += parts
    return parts


def take(paid, amount):
    """Take off in the reverse of the way in: credit, principal, interest, fees; the last payment opens again."""
    parts = Counter()
    for part in ("credit", "principal", "interest", "fees"):
        parts[part] = min(amount - sum(parts.values()), paid.placed[part])
    paid.placed -= parts
    for part in PARTS:
        paid.debt.owed[part] += parts[part]
    paid.debt.dues[-1] += sum(parts[part] for part in PARTS)
    return Counter({part: -minor for part, minor in parts.items()})


def plan_anew(dice, debt):
    debt.dues = list(share(debt.left, [1] * dice.randint(1, 24))) if debt.left else [0]


def told_of(paid):
    """The oracle of one payment: what stays of it, by the whole bag of notices."""
    if not any(kind is Kind.SUCCEEDED for kind, _, _ in paid.told):
        return 0
    took = next(minor for kind, minor, _ in paid.told if kind is Kind.SUCCEEDED)
    failed = {more["refund_ref"] for kind, _, more in paid.told if kind is Kind.REFUND_FAILED}
    back = {more["refund_ref"]: minor for kind, minor, more in paid.told if kind is Kind.REFUNDED}
    refunded = min(sum(minor for ref, minor in back.items() if ref not in failed), took)
    lost = max((minor for kind, minor, _ in paid.told if kind is Kind.DISPUTE_LOST), default=0)
    return took - refunded - min(lost, took - refunded)


def faults(debt):
    """What the books say against what the oracle says, for one debt."""
    found = []
    stays = sum(told_of(paid) for paid in debt.payments)
    credit = sum(paid.placed["credit"] for paid in debt.payments)
    if debt.left - credit != debt.first - stays or debt.left < 0:
        found.append(f"owed {debt.left}, credit {credit}, first {debt.first}, stays {stays}")
    if sum(debt.dues) != debt.left or min(debt.dues) < 0:
        found.append(f"the plan asks {sum(debt.dues)} of {debt.left}")
    for paid in debt.payments:
        found += off(paid)
    return found


def off(paid):
    """Compare the books of one payment with the exact share that stays of it, to half a unit."""
    share_left = Fraction(paid.stays, paid.amount)
    if paid.deal is None:
        exact = {("cash", paid.debt.currency): Fraction(paid.stays)}
    else:
        own, other = paid.debt.currency, paid.deal.pay.currency
        price = Fraction(paid.amount) * Fraction(paid.deal.rate.value)
        price *= (1 + Fraction(paid.deal.margin_bp, 10_000)) * Fraction(10) ** (
            exponent(other) - exponent(own)
        )
        if abs(paid.deal.pay.minor - price) > HALF:
            return [f"price {paid.deal.pay.minor} of {price}"]
        exact = {
            ("cash", other): share_left * paid.deal.pay.minor,
            ("fx_position", other): -share_left * paid.deal.pay.minor,
            ("fx_position", own): share_left * paid.worth_now,
            ("fx_margin", own): paid.stays - share_left * paid.deal.worth_minor,
            ("fx_result", own): share_left * (paid.deal.worth_minor - paid.worth_now),
        }
    # a result is the difference of two rounded sums: a whole unit may lie between
    return [
        f"{book} {paid.books[book]} of {value}"
        for book, value in exact.items()
        if abs(paid.books[book] - value) > (1 if book[0] == "fx_result" else HALF)
    ]


def wrongs(seed):
    """Live one history; gives what is wrong in it."""
    dice = random.Random(seed)
    debts = [Debt(dice, dice.choice(CURRENCIES)) for _ in range(dice.choice([1, 1, 2, 3]))]
    found, waiting, clock = [], [], 0
    for _ in range(dice.randint(1, 4)):
        debt = dice.choice(debts)
        if debt.left and dice.random() < 0.8:
            paid = begin(dice, debt)
            waiting += [(paid, *one) for one in notices(dice, paid)]
        else:
            plan_anew(dice, debt)
        while waiting and dice.random() < 0.8:
            clock += 1
            found += hear(*waiting.pop(0), clock)
    for late in waiting:
        clock += 1
        found += hear(*late, clock)
    found += [fault for debt in debts for fault in faults(debt)]
    if dice.random() < 0.3:
        for paid in (paid for debt in debts for paid in debt.payments):
            found += hear(
                paid,
                Kind.DISPUTE_LOST,
                paid.deal.pay.minor if paid.deal else paid.amount,
                {"dispute_ref": "x"},
                99,
            )
            if any(paid.books.values()):
                found.append(f"something stays behind: {paid.books}")
        found += [fault for debt in debts for fault in faults(debt)]
        if any(debt.left != debt.first for debt in debts if any(paid.told for paid in debt.payments)):
            found.append("not all is owed again")
    return found


def first_wrong(seeds):
    return next(((seed, found) for seed in seeds if (found := wrongs(seed))), None)


def test_random_lives_of_debts_keep_every_unit_sample():
    assert first_wrong(range(1_500)) is None


@pytest.mark.long
def test_random_lives_of_debts_keep_every_unit_all():
    assert first_wrong(range(10**6)) is None


@pytest.mark.parametrize("name", ["settle", "money_legs", "standing"])
def test_the_oracle_would_find_one_unit(monkeypatch, name):
    """A planted fault: one unit too many in one place of the core that the books rest on."""
    sound = globals()[name]

    def off_by_one(*given, **more):
        made = sound(*given, **more)
        if name == "settle":
            return type(made)(
                fees=made.fees, interest=made.interest, principal=made.principal + 1, credit=made.credit
            )
        if name == "money_legs":
            return tuple(leg._replace(minor=leg.minor + (leg.book == "cash")) for leg in made)
        return type(made)(state=made.state, took=made.took + bool(made.took), refunded=made.refunded)

    monkeypatch.setitem(globals(), name, off_by_one)
    assert first_wrong(range(200)) is not None
