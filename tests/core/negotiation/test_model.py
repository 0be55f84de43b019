from portal.core.negotiation.model import PRIOR


def test_the_prior_is_the_one_of_the_literature():
    assert (PRIOR.h12, PRIOR.shape, PRIOR.eps_between, PRIOR.eps_within) == (0.26, 0.85, 0.5, 1.0)
    assert PRIOR.model_id == "literature prior v1"
