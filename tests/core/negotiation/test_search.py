"""The numpy path and the plain path give equal figures, equal sets, equal menus."""

import pytest

from portal.core.bounds.presets import preset
from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.ask import Ask, hits, nearest
from portal.core.negotiation.board import FIGURES
from portal.core.negotiation.menu import pick
from tests.core.negotiation.helpers import BOUNDS, a_document, a_policy, random_facts

numpy = pytest.importorskip("numpy")

LATE = parse_bounds(preset("GBP"))
SKEWED = parse_bounds(a_document(value={"alpha": "0.40"}))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("bounds", [BOUNDS, LATE, SKEWED], ids=["example", "preset", "alpha"])
def test_both_paths_agree_on_everything(seed, bounds):
    facts = random_facts(seed)
    fast, plain = a_policy(facts, bounds), a_policy(facts, bounds, plain=True)
    for name in FIGURES:
        assert [int(one) for one in fast.board.columns[name]] == list(plain.board.columns[name]), name
    for rows in ("sound", "plans", "open", "band"):
        assert [int(row) for row in getattr(fast, rows)] == list(getattr(plain, rows))
    assert pick(fast) == pick(plain)
    assert fast.root == plain.root
    balance = facts.balance_minor
    for ask in (Ask(pay_minor=balance // 50, waiver_bp=3_000), Ask(months=24, total_minor=balance // 2)):
        assert [int(r) for r in hits(fast.plans, ask, fast)] == list(hits(plain.plans, ask, plain))
        assert nearest(fast.plans, ask, fast) == nearest(plain.plans, ask, plain)


def test_every_question_of_the_board_has_one_answer():
    facts = random_facts(2)
    fast, plain = a_policy(facts).board, a_policy(facts, plain=True).board
    rows = [int(row) for row in fast.sound()]
    keys = (("total", 1), ("value", -1))
    assert fast.first(fast.sound(), keys, 50) == plain.first(rows, keys, 50)
    assert fast.first(fast.sound(), keys) == plain.first(rows, keys)
    assert list(fast.front(fast.sound())) == plain.front(rows)
    some, few = fast.among(fast.sound(), at_least={"value": 300_000}), rows[::7]
    bars = [(fast.sound(), 9_000), (some, 5_000)]
    assert list(fast.split(some, bars)) == plain.split(list(some), [(list(r), q) for r, q in bars])
    assert list(fast.front(fast.joined(few, few))) == plain.front(few)
    assert fast.bitmap(fast.sound()) == plain.bitmap(rows)
    none = fast.among(fast.sound(), at_most={"total": -1})
    assert list(none) == []
    assert fast.peak(none, "total") == plain.peak([], "total") == 0
    assert fast.first(none, keys) == plain.first([], keys) == []
    assert list(fast.front(none)) == plain.front([]) == []


def test_amounts_too_large_for_64_bits_take_the_plain_path():
    facts = random_facts(3, principal_minor=2 * 10**12, surplus=10**11, evidence="documents")
    bounds = parse_bounds(a_document(when={"balance": [1, 10**14]}))
    assert type(a_policy(facts, bounds).board).__name__ == "ListBoard"
