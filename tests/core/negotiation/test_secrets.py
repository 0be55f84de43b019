"""Private bounds never leave: a canary floor, the stage and the scores are in no public document."""

import json
import random

import pytest

from portal.core.bounds.schema import parse_bounds
from portal.core.negotiation.answer import Ask, History, answer
from portal.core.negotiation.explain import CODES, PRIVATE_CODES, code_table
from portal.core.negotiation.offers import public_view
from portal.core.negotiation.record import reason_to_dict
from tests.core.negotiation.helpers import a_document, random_facts, some_facts

CANARY = "0.2963"


def public_text(found):
    view = [public_view(offer) for offer in found.offers]
    return json.dumps(
        {"kind": found.kind, "offers": view, "codes": [reason_to_dict(one) for one in found.codes]}
    )


SECRETS = ("2963", "1471", "stage", "score", "tau", "threshold", "nash", "split", "floor")


@pytest.mark.long
def test_a_canary_floor_shows_in_no_answer_to_three_hundred_asks_on_a_hundred_cases():
    bounds = parse_bounds(a_document(value={"npv_floor": CANARY, "no_plan_value": "0.1471"}))
    for seed in range(100):
        draw, facts = random.Random(seed), random_facts(seed, principal_minor=300_000)
        for asks in range(300):
            ask = Ask(
                pay_minor=draw.choice([None, draw.randrange(1, 300_000)]),
                total_minor=draw.choice([None, draw.randrange(1, 300_000)]),
                family=draw.choice(["", "restructure", "parts", "lump", "index"]),
                must=draw.choice(["", "total_minor"]),
            )
            said = answer(facts=facts, bounds=bounds, ask=ask, history=History(asks=asks % 7))
            words = {one.code for one in said.codes} | {one.label for one in said.offers}
            figures = {value for one in said.codes for _, value in one.params}
            assert not [one for one in words for secret in SECRETS if secret in one.lower()]
            assert not {2_963, 1_471, 88_890} & {getattr(one, "minor", one) for one in figures}


def test_a_canary_floor_shows_nowhere():
    document = a_document(
        value={"npv_floor": CANARY, "expected_cash_floor": CANARY, "no_plan_value": "0.1471"}
    )
    bounds = parse_bounds(document)
    draw = random.Random(4)
    for _ in range(60):
        ask = Ask(
            pay_minor=draw.randrange(1, 30_000),
            waiver_bp=draw.choice([None, 4_000]),
            months=draw.choice([None, 20]),
        )
        text = public_text(answer(facts=some_facts(), bounds=bounds, ask=ask))
        for secret in ("2963", "1471", "stage", "score", "tau", "threshold", "nash", "floor"):
            assert secret not in text.lower().replace("lowest", "")


def test_every_bound_that_can_refuse_has_a_known_code():
    table = code_table()
    assert set(table.values()) <= set(CODES)
    assert {table[path] for path in table if path.startswith("value.")} <= PRIVATE_CODES
    for path in ("installment.n_max", "installment.installment_min", "restructure.months_max", "common.freq"):
        assert table[path] not in PRIVATE_CODES


def test_private_reasons_carry_no_figures_of_the_rules():
    assert CODES["COMBINATION"] == ()
    assert set(CODES["NEED_BUDGET"]) == {"minutes"}
    assert set(CODES["PERSON"]) == {"hours"}


def test_a_counter_says_person_whether_or_not_staff_could_agree():
    wide = parse_bounds(a_document(authority={"agent": {"npv_floor": "0.01", "waive_principal_max": "0.90"}}))
    narrow = parse_bounds(a_document(authority={"agent": {}, "supervisor": {}}))
    for ask in (Ask(pay_minor=8_000, waiver_bp=4_000), Ask(total_minor=60_000)):
        one = answer(facts=some_facts(), bounds=wide, ask=ask)
        other = answer(facts=some_facts(), bounds=narrow, ask=ask)
        assert public_text(one) == public_text(other)
