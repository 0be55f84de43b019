from portal.actions.life.telling import move_payload, row_payload, tell_act
from portal.core.events import catalog
from portal.core.life.acts import Act, perform
from portal.core.life.state import Move
from tests import build
from tests.actions.life.living import a_living


def test_every_act_is_told_in_the_words_of_the_catalog(work, lender):
    kept = a_living(work, lender).kept
    life, at = kept.life, build.NOW
    for kind in ("upcoming", "due", "missed"):
        after = perform(life, Act(at, kind, 1), kept.world)
        (one,) = tell_act(kept, Act(at, kind, 1), life, after)
        catalog.validate(one.type, one.payload)
        assert one.type == f"installment.{kind}"
        life = after
    (broken,) = tell_act(kept, Act(at, "broken"), life, life)
    catalog.validate(broken.type, broken.payload)
    assert tell_act(kept, Act(at, "reminder", 1), life, life) == []


def test_a_moved_payment_names_both_days_and_the_rule(work, lender):
    kept = a_living(work, lender).kept
    row = kept.life.rows[0]
    move = Move(build.NOW, row.number, row.due_on, row.due_on.replace(year=2028), "replan")
    payload = move_payload(kept, kept.life, move)
    catalog.validate("installment.moved", payload)
    assert payload["reason"] == "auto_replan"
    assert row_payload(kept, row)["amount"]["minor"] == row.amount
