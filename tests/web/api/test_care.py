"""Disputes and complaints are listed and answered by machine; what people wrote stays in the console."""

import pytest

from tests.web.lender.world import World


@pytest.fixture
def world(work, lender):
    return World(work=work, lender=lender)


@pytest.mark.parametrize(
    ("noun", "make", "outcome", "words"),
    [
        ("disputes", World.dispute, "confirmed", "I paid in May"),
        ("complaints", World.complaint, "upheld", "The tone hurt"),
    ],
)
def test_each_is_listed_and_answered_once(machine, world, noun, make, outcome, words):
    ref = make(world)
    (line,) = machine.get(f"/{noun}").json[noun]
    assert line["id"] == ref
    assert words not in machine.get(f"/{noun}").get_data(as_text=True)
    path, body = f"/{noun}/{ref}/answer", {"outcome": outcome, "words": "We looked at it again."}
    assert machine.post(path, {**body, "words": ""}).status_code == 422
    assert machine.post(path, body).json == {"late": False}
    assert machine.post(path, body).status_code == 409
    assert machine.get(f"/{noun}").json[noun] == []
    assert machine.get(f"/{noun}?state=shy").status_code == 400
