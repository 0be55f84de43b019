from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.actions.identity.check_code import check_code
from portal.store import lenders
from tests.actions.door import Door


@pytest.fixture
def careful(work, lender):
    """A door of a lender who always asks for a code, at which the known fact was given."""
    with work.begin() as tx:
        lenders.save_settings(tx, lender_id=tx.lender_id, settings={"identity_code": "always"})
    return Door(work=work, creditor_id=lender.creditor_id)


def at_the_code(door):
    session = door.enter()
    assert door.answer(session).kind == "code_needed"
    door.ask_code(session)
    return type(session)(**vars(session) | {"state": door.session_state(session)})


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def check(door, session, code, *, purpose="sign", bound_to=b"terms"):
    return check_code(
        door.work,
        session_id=session.session_id,
        debtor_id=door.debtor_id,
        purpose=purpose,
        bound_to=bound_to,
        code=code,
        now=door.now,
    )


def test_fact_and_code_let_in(careful):
    session = at_the_code(careful)
    outcome = careful.give_code(session, careful.sms.last_code)
    assert outcome.kind == "verified"
    factors = careful.session(outcome.session_token).state["factors"]
    assert set(factors) == {"birth_date", "code"}
    told = careful.told("identity.verified")[0]
    assert (told["method"], told["reason_codes"]) == ("birth_date_and_code", ["lender"])


def test_a_code_without_the_fact_lets_nobody_in(careful):
    session = careful.enter()
    careful.ask_code(session)
    assert careful.give_code(session, careful.sms.last_code).kind == "locked"


def test_a_code_works_once_and_the_sixth_try_finds_it_void(careful):
    session = at_the_code(careful)
    bad = wrong(careful.sms.last_code)
    kinds = [careful.give_code(session, bad).kind for _ in range(5)]
    assert kinds == ["mismatch"] * 4 + ["code_void"]
    assert careful.give_code(session, careful.sms.last_code).kind == "code_void"
    assert [event["locked"] for event in careful.told("identity.locked")] == ["code"]


def test_parallel_wrong_codes_are_five(careful):
    session = at_the_code(careful)
    bad = wrong(careful.sms.last_code)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: careful.give_code(session, bad), range(60)))
    assert careful.code_state()[0].tries == 5


def test_a_code_is_too_old_after_ten_minutes(careful):
    session = at_the_code(careful)
    careful.wait(seconds=601)
    assert careful.give_code(session, careful.sms.last_code).kind == "code_void"


def test_a_clock_that_jumps_back_does_not_help(careful):
    session = at_the_code(careful)
    careful.wait(hours=-1)
    assert careful.give_code(session, careful.sms.last_code).kind == "code_void"


def test_only_the_newest_code_works(careful):
    session = at_the_code(careful)
    old = careful.sms.last_code
    careful.wait(seconds=31)
    careful.ask_code(session)
    new = careful.sms.last_code
    if old != new:
        assert careful.give_code(session, old).kind == "mismatch"
    assert careful.give_code(session, new).kind == "verified"


def test_a_code_is_bound_to_session_purpose_and_thing(door):
    session, other = door.enter(), None
    door.ask_code(session, purpose="sign", bound_to=b"terms")
    code = door.sms.last_code
    other = door.enter()
    assert check(door, other, code).kind == "void"
    assert check(door, session, code, purpose="identity").kind == "void"
    assert check(door, session, code, bound_to=b"other").kind == "wrong"
    assert check(door, session, code, bound_to=None).kind == "wrong"
    assert check(door, session, code).kind == "right"
    assert check(door, session, code).kind == "void"
    assert "code:sign" in door.session_state(session)["factors"]


def test_one_code_at_the_same_time_is_right_once(door):
    session = door.enter()
    door.ask_code(session, purpose="sign", bound_to=b"terms")
    code = door.sms.last_code
    with ThreadPoolExecutor(8) as pool:
        kinds = [result.kind for result in pool.map(lambda _: check(door, session, code), range(8))]
    assert kinds.count("right") == 1


def test_without_a_code_nothing_is_right(door):
    assert check(door, door.enter(), "000000").kind == "void"
