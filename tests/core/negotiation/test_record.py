import json
from datetime import date

import pytest

from portal.core.bounds.model import Limit
from portal.core.bounds.resolve import PackLimits
from portal.core.errors import NegotiationError
from portal.core.negotiation.answer import Ask, History, answer
from portal.core.negotiation.record import (
    ask_from_dict,
    ask_to_dict,
    history_from_dict,
    history_to_dict,
    pack_from_dict,
    pack_to_dict,
)
from tests.core.negotiation.helpers import BOUNDS, some_facts


def there_and_back(value, write, read):
    return read(json.loads(json.dumps(write(value))))


def test_asks_packs_and_histories_read_back_what_they_write():
    ask = Ask(pay_minor=0, first_on=date(2026, 12, 9), must="pay_minor", freq="weekly")
    assert there_and_back(ask, ask_to_dict, ask_from_dict) == ask
    pack = PackLimits(pack_id="X", limits=(Limit(family="parts", field="k", value=(2, 3)),), barred=("lump",))
    assert there_and_back(pack, pack_to_dict, pack_from_dict) == pack
    found = answer(facts=some_facts(), bounds=BOUNDS, ask=Ask(pay_minor=2_000))
    history = History(asks=2, firm=found.offers)
    assert there_and_back(history, history_to_dict, history_from_dict) == history


def test_an_unknown_term_is_refused():
    with pytest.raises(NegotiationError):
        ask_from_dict({"pay": 5})
    with pytest.raises(NegotiationError):
        ask_from_dict({"first_on": "soon"})
