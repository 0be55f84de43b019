from portal.core.negotiation.board import Gap, family_code
from tests.core.negotiation.helpers import a_policy, some_facts

BOARD = a_policy(some_facts(), plain=True).board


def test_limits_keys_and_ties():
    rows = BOARD.among(BOARD.sound(), at_most={"largest": 8_000, "down": 0}, at_least={"fits": 1})
    assert rows
    assert all(BOARD.columns["largest"][row] <= 8_000 for row in rows)
    first = BOARD.first(rows, (("total", 1), ("value", -1)), 5)
    ranked = sorted(rows, key=lambda row: (BOARD.columns["total"][row], -BOARD.columns["value"][row], row))
    assert first == ranked[:5]
    assert BOARD.joined(rows[:3], rows[1:5]) == rows[:5]


def test_a_gap_is_relative_and_weighted():
    gap = Gap("largest", 4_000, 8, 4_000)
    rows = BOARD.sound()[:50]
    sums = BOARD.gaps(rows, [gap])
    for row, found in zip(rows, sums, strict=True):
        assert found == 8 * (max(0, BOARD.columns["largest"][row] - 4_000) * 10**6 // 4_000)
    nearest = BOARD.tightest(rows, [gap])
    assert {sums[rows.index(row)] for row in nearest} == {min(sums)}


def test_an_entry_is_one_row():
    row = BOARD.sound()[10]
    entry = BOARD.entry(row)
    assert entry.terms == BOARD.sheet.terms[row]
    assert entry.most == max(entry.largest, entry.down)
    assert family_code(entry.terms.family) == BOARD.columns["family"][row]
