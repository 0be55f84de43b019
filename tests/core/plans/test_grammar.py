import pytest

from portal.core.errors import PlanError
from portal.core.plans.grammar import Terms, canonical_id, terms_from_dict


def test_the_id_is_twelve_hex_digits_of_the_terms_alone():
    terms = Terms(family="installment", count=24)
    assert canonical_id(terms) == canonical_id(Terms(count=24, family="installment"))
    assert len(canonical_id(terms)) == 12
    assert canonical_id(terms) != canonical_id(Terms(family="installment", count=25))


def test_terms_read_back_what_they_write():
    terms = Terms(family="consolidation", inner="parts", freq="weekly", accounts=("A", "B"), order="pro_rata")
    assert terms_from_dict(terms.to_dict()) == terms
    assert terms.shape == "parts"
    assert not terms.waives
    with pytest.raises(PlanError):
        terms_from_dict({"family": "installment", "amount": 5})


@pytest.mark.parametrize(
    "bad", [{"family": "gift"}, {"family": "full", "freq": "daily"}, {"family": "lump", "waiver_bp": 10_001}]
)
def test_words_outside_the_grammar_are_refused(bad):
    with pytest.raises(PlanError):
        Terms(**bad)
