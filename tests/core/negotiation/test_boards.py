from portal.core.negotiation import boards
from portal.core.negotiation.model import PRIOR
from tests.core.negotiation.helpers import a_policy, random_facts


def test_without_numpy_the_plain_board_gives_the_same_plans(monkeypatch):
    facts = random_facts(11)
    fast = a_policy(facts)
    monkeypatch.setattr(boards, "np", None)
    plain = boards.board_of(fast.board.sheet, fast.case, fast.frame, PRIOR)
    assert type(plain).__name__ == "ListBoard"
    assert plain.sound() == [int(row) for row in fast.sound]
