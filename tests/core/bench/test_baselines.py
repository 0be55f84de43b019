from itertools import pairwise

from portal.core.bench.baselines import BASELINES, TOLD
from portal.core.bench.people import wish_of
from tests.core.bench.crowds import first


def talk(policy, debtor, field, rounds=6):
    seat = policy(field, debtor)
    said = [seat.offers(1, None)]
    hopes = [(n, debtor.aspiration(n, field.best_utility)) for n in range(2, rounds + 1)]
    return said + [seat.offers(n, wish_of(debtor, hope)) for n, hope in hopes]


def test_nobody_offers_what_the_bounds_forbid():
    crowd = first(14)
    for name, policy in {**BASELINES, **TOLD}.items():
        for debtor, field in zip(crowd.debtors[:10], crowd.fields, strict=False):
            for rows in talk(policy, debtor, field):
                assert set(rows) <= set(field.inside), name


def test_a_ladder_opens_rung_by_rung_and_a_menu_stays():
    debtor, field = first(14).debtors[0], first(14).fields[0]
    sizes = [len(rows) for rows in talk(BASELINES["fixed ladder"], debtor, field, 8)]
    assert sizes == sorted(sizes)
    assert sizes[0] == 1
    menus = talk(BASELINES["static menu"], debtor, field)
    assert all(menu == menus[0] for menu in menus)


def test_agents_begin_at_their_best_and_give_in_at_their_pace():
    crowd = first(14)
    for debtor, field in zip(crowd.debtors[:10], crowd.fields, strict=False):
        values = {}
        for name in ("Boulware", "linear", "Conceder"):
            values[name] = [
                field.guess[rows[0]] for rows in talk(BASELINES[name], debtor, field, debtor.patience)
            ]
            assert values[name][0] == max(field.guess[row] for row in field.inside)
        if debtor.patience > 3:
            assert values["Conceder"][1] <= values["linear"][1] + 1e-9 <= values["Boulware"][1] + 2e-9


def test_tit_for_tat_moves_when_the_debtor_does():
    debtor, field = first(14).debtors[1], first(14).fields[1]
    offered = [
        field.guess[rows[0]] for rows in talk(BASELINES["tit for tat"], debtor, field, debtor.patience)
    ]
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(offered[1:]))


def test_blind_bids_need_cash_and_end_after_three():
    crowd = first(14)
    for debtor, field in zip(crowd.debtors, crowd.fields, strict=True):
        seat = BASELINES["three blind bids"](field, debtor)
        assert seat.offers(4, None) == []
        if max(debtor.cash, debtor.affordable) < 0.5 * debtor.balance:
            assert seat.offers(3, None) == []
