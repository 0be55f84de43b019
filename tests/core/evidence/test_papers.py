"""What may be said of a paper, and how its code is read as people type it."""

import pytest

from portal.core.evidence.papers import ANSWERS, code_of, read_code, slug_of, standing
from portal.core.states import AGREEMENT

REF = "agr_01936f2e00007000800" + "0" + "3f2a90c417de"


@pytest.mark.parametrize(
    "typed",
    ["3F2A90C417DE", "3f2a-90c4-17de", " 3F2A 90C4\u00a017DE ", REF, REF.upper(), "3F2A\u201390C4\u201317DE"],
)
def test_a_code_is_read_as_people_type_it(typed):
    assert read_code(typed) == "3f2a90c417de" == code_of(REF)


@pytest.mark.parametrize(
    "typed",
    ["", "3F2A90C417D", "3F2A90C417DEF", "3G2A90C417DE", "x" * 10_000, "\u202e3f2a90c417de", "٣F2A90C417DE"],
)
def test_what_cannot_be_a_code_is_none(typed):
    assert read_code(typed) is None


def test_every_state_of_an_agreement_has_its_answer():
    said = {state: standing(state) for state in AGREEMENT}
    assert set(said.values()) <= set(ANSWERS)
    assert [said[state] for state in ("prepared", "expired")] == ["unknown", "unknown"]
    assert [said[state] for state in ("active", "amended", "withdrawn", "completed", "broken")] == [
        "genuine", "superseded", "withdrawn", "settled", "ended",
    ]  # fmt: skip


def test_the_lender_is_read_out_of_a_logs_name():
    assert slug_of("portal/acme/events") == "acme"
    assert slug_of("portal/acme") == slug_of("other/acme/events") == slug_of("") == ""
