"""I4, I5, I6, I9, I10, I11: the policy set depends on facts, bounds and date, grows with evidence, and leaks nothing.

Sketches: s <= s' gives tau' <= tau and a bar that never rises, so P and B nest. `answer` has no argument that carries
identity, channel or refusals; `history.asks` only decides whether a counter is computed.
"""

import ast
import itertools
import random
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest

import portal.core.negotiation as engine
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import Ask, History, answer
from portal.core.negotiation.context import open_case
from portal.core.negotiation.facts import Facts
from portal.core.negotiation.menu import pick
from portal.core.negotiation.model import PRIOR
from portal.core.negotiation.offers import public_view
from portal.core.negotiation.policy import policy_set
from portal.core.plans.canonical import canonical_json
from tests.core.negotiation.helpers import BOUNDS, a_document, a_policy, random_facts, some_facts


def terms_in(policy, rows):
    return {policy.board.sheet.terms[int(row)] for row in rows}


def no_worse(new, old):
    """What was open at an earlier stage is open still, or something that asks no more of the debtor."""
    kind = {"skills": 1, "index": 2}
    return (
        kind.get(new.terms.family, 0) == kind.get(old.terms.family, 0)
        and new.largest <= old.largest
        and new.down <= old.down
        and new.cost <= old.cost
    )


@pytest.mark.parametrize("seed", range(5))
def test_more_evidence_only_adds_plans(seed):
    facts = random_facts(seed, evidence="none", days_past_due=200)
    case = open_case(facts=facts, bounds=BOUNDS)
    stages = [policy_set(replace(case, stage=stage), facts.freq, None, PRIOR) for stage in range(3)]
    for before, after in itertools.pairwise(stages):
        assert after.threshold <= before.threshold
        assert terms_in(before, before.plans) <= terms_in(after, after.plans)
        for old in before.entries(before.open):
            assert any(no_worse(new, old) for new in after.entries(after.open))
    assert stages[2].threshold == case.rules.value.npv_floor * 100


def test_a_firm_offer_stays_until_its_day_whatever_is_asked_or_learned():
    draw = random.Random(8)
    for seed in range(8):
        facts = random_facts(seed, surplus=None, evidence="none")
        menu = answer(facts=facts, bounds=BOUNDS).offers
        firm = {offer.plan.id for offer in menu}
        for day in range(0, 15, 2):
            later = replace(
                facts, as_of=facts.as_of + timedelta(days=day), evidence=draw.choice(["none", "documents"])
            )
            ask = Ask(pay_minor=draw.randrange(1_000, 50_000)) if day % 4 else None
            found = answer(facts=later, bounds=BOUNDS, ask=ask, history=History(asks=day // 2, firm=menu))
            assert firm <= {offer.plan.id for offer in found.offers}
        after = replace(facts, as_of=facts.as_of + timedelta(days=15))
        gone = answer(facts=after, bounds=BOUNDS, history=History(firm=menu))
        assert not any(offer.label == "firm" for offer in gone.offers)


def test_twins_get_equal_bytes():
    for seed in range(6):
        facts = random_facts(seed)
        twin = replace(facts, case_ref="another", accounts=(replace(facts.accounts[0], account_ref="AC-9"),))
        one = [public_view(offer) for offer in answer(facts=facts, bounds=BOUNDS).offers]
        stubborn = History(asks=4)
        other = [public_view(offer) for offer in answer(facts=twin, bounds=BOUNDS, history=stubborn).offers]
        assert canonical_json(one) == canonical_json(other)


def test_the_engine_reads_facts_and_nothing_else():
    words = {
        "language",
        "device",
        "session",
        "channel",
        "locale",
        "gender",
        "age",
        "sentiment",
        "refusals",
        "name",
    }
    assert not words & {f.name for f in fields(Facts)}
    for path in Path(engine.__path__[0]).glob("*.py"):
        tree = ast.parse(path.read_text())
        read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not words - {"name"} & read, path.name
        called = {
            n.func.attr
            for n in ast.walk(tree)
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
        }
        assert not called & {"today", "now", "time", "random", "getenv", "open"}, path.name


@pytest.mark.parametrize("seed", range(3))
def test_adversarial_asks_reach_nothing_beyond_the_policy_set(seed):
    draw = random.Random(seed)
    facts = random_facts(seed)
    policy = a_policy(facts)
    reachable = {(e.total, e.largest, e.down) for e in policy.entries(policy.plans)}
    menu = [public_view(offer) for offer in answer(facts=facts, bounds=BOUNDS).offers]
    low, high = 0, facts.balance_minor
    for number in range(100):
        middle = (low + high) // 2
        ask = draw.choice(
            [
                Ask(pay_minor=draw.randrange(1, facts.balance_minor // 6), total_minor=middle, down_minor=0),
                Ask(family=draw.choice(["lump", "parts", "restructure"]), total_minor=middle),
                Ask(waiver_bp=draw.randrange(10_000), months=draw.randrange(1, 90), must="waiver_bp"),
            ]
        )
        found = answer(facts=facts, bounds=BOUNDS, ask=ask, history=History(asks=number % 5))
        if found.kind == "accept":
            high = middle
        else:
            low = middle
        for offer in found.offers:
            body = [row.amount for row in offer.plan.schedule if row.number]
            assert (offer.plan.total, max(body), offer.plan.down_payment) in reachable
    assert [public_view(offer) for offer in answer(facts=facts, bounds=BOUNDS).offers] == menu


LOOSER = [
    ("families", {"installment": {"months_max": 66, "n_max": 66}}),
    ("families", {"installment": {"installment_min": 1_000}}),
    ("families", {"lump": {"waiver_ladder": [{"dpd": 31, "max": "0.60"}]}}),
    ("families", {"parts": {"k": [2, 7]}}),
    ("families", {"parts": {"first_share_min": "0.20"}}),
    ("families", {"restructure": {"waive_principal_max": "0.30"}}),
    ("families", {"restructure": {"months_max": 72}}),
    ("families", {"restructure": {"balloon_max": "0.25"}}),
    ("families", {"restructure": {"grace": {"months_max": 4, "kinds": ["full_frozen"]}}}),
    ("families", {"restructure": {"step": {"every_months": 12, "pct_max": "0.625", "count_max": 2}}}),
    ("families", {"skills": {"moratorium_months_max": 9}}),
    ("families", {"index": {"theta_max": "0.70"}}),
]


@pytest.mark.parametrize(("group", "change"), LOOSER)
def test_a_looser_bound_only_adds(group, change):
    facts = some_facts(fees_minor=3_500, interest_minor=20_000, evidence="adviser")
    tight, loose = a_policy(facts), a_policy(facts, parse_bounds(a_document(**{group: change})))

    if "installment_min" in str(
        change
    ):  # the tail rule then rounds less: the same terms, not the same amounts
        assert terms_in(tight, tight.sound) <= terms_in(loose, loose.sound)
        return

    def amounts(policy):
        return {
            (e.terms.family == "skills", e.terms.grace_months, e.down, e.payment, e.last, e.periods, e.total)
            for e in policy.entries(policy.sound)
        }

    assert amounts(tight) <= amounts(loose)


def test_money_k_times_as_large_gives_the_same_plans():
    facts = some_facts(principal_minor=274_321, interest_minor=20_000, fees_minor=3_500)
    for k in (3, 100):
        common = {"lattice": {"installment": 500 * k, "waiver": "0.05", "down_payment": 1000 * k}}
        families = {"installment": {"installment_min": 1500 * k}, "index": {"pay_min": 100 * k}}
        document = a_document(common=common, families=families, value={"cost_per_payment": 20 * k})
        document["segments"][0]["when"]["balance"] = [1, 10**12]
        big = some_facts(
            principal_minor=274_321 * k,
            interest_minor=20_000 * k,
            fees_minor=3_500 * k,
            surplus=12_000 * k,
            cash=60_000 * k,
        )
        one, other = a_policy(facts), a_policy(big, parse_bounds(document))
        for (label, small), (label_big, large) in zip(pick(one), pick(other), strict=True):
            assert label == label_big
            assert small.terms == large.terms
            assert small.total * k == large.total
            shrunk = small.largest % 500 != 0  # the tail rule's smallest lattices do not scale
            assert shrunk or small.largest * k == large.largest


def test_a_week_later_the_amounts_are_the_same():
    facts = some_facts()
    later = replace(facts, as_of=facts.as_of + timedelta(days=7))
    one, other = answer(facts=facts, bounds=BOUNDS), answer(facts=later, bounds=BOUNDS)
    assert [[r.amount for r in o.plan.schedule] for o in one.offers] == [
        [r.amount for r in o.plan.schedule] for o in other.offers
    ]


def test_a_larger_budget_never_hides_the_smaller_payments():
    for seed in range(2):
        lowest = None
        for share in (90, 60, 40, 25, 15):
            facts = random_facts(
                seed, surplus=400_000 // share, principal_minor=400_000, evidence="documents"
            )
            policy = a_policy(facts)
            fitting = {e.terms for e in policy.entries(policy.sound) if e.fits and e.terms.shape != "index"}
            assert lowest is None or lowest <= fitting
            lowest = fitting
