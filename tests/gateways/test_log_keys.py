"""Both algorithms sign, and nothing else than what was signed is taken for it."""

import pytest

from portal.gateways.log_keys import LogKeyPair, is_signed_by, make_key_pairs

PAIRS = make_key_pairs("portal/acme/events")


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.key.algorithm)
def test_what_was_signed_is_known_and_nothing_else(pair):
    signature = pair.sign(b"head")
    assert is_signed_by(pair.key, b"head", signature)
    assert not is_signed_by(pair.key, b"heads", signature)
    assert not is_signed_by(pair.key, b"head", signature[:-1])
    assert not is_signed_by(pair.key, b"head", b"")
    assert not is_signed_by(make_key_pairs("portal/acme/events")[PAIRS.index(pair)].key, b"head", signature)


def test_the_seed_is_never_shown():
    assert "seed" not in repr(PAIRS[0])
    assert LogKeyPair(key=PAIRS[0].key, seed=PAIRS[0].seed) == PAIRS[0]
