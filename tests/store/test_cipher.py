"""Digests by which sealed values are found: they follow a new key without the text, and a single key proves nothing."""

import hashlib
import hmac

import pytest

from portal.store.cipher import DigestChain, UnknownKeyError

KEYS = {2: b"a" * 32, 5: b"b" * 32, 9: b"c" * 32}


def chain(*numbers, in_use=None):
    return DigestChain({number: KEYS[number] for number in numbers}, in_use=in_use or numbers[-1])


def by_hand(text):
    """Compute the digests of a text as docs/evidence.md describes them, with the standard library alone."""
    found = [hmac.new(KEYS[2], text, hashlib.sha256).digest()]
    for number in (5, 9):
        found.append(bytes([0, number]) + hmac.new(KEYS[number], found[-1], hashlib.sha256).digest())
    return found


def test_a_digest_is_the_hmac_of_the_one_before_it():
    wanted = by_hand(b"phone\0+12015550105")
    assert chain(2, 5, 9).every("phone", "+12015550105") == wanted
    for numbers, one in (((2,), wanted[0]), ((2, 5), wanted[1]), ((2, 5, 9), wanted[2])):
        assert chain(*numbers).digest("phone", "+12015550105") == one
    assert chain(2, 5, 9).first("phone", "+12015550105") == wanted[0]


def test_kept_digests_are_brought_under_the_key_in_use_and_no_further():
    first, second, third = by_hand(b"name\0lopez")
    assert [chain(2, 5, 9).renew(one) for one in (first, second, third)] == [third] * 3
    waiting = chain(2, 5, 9, in_use=5)
    assert waiting.digest("name", "lopez") == second
    assert waiting.renew(first) == second
    assert third in waiting.every("name", "lopez"), "it is found before it is written"
    for newer in (third, b"\0\7" + bytes(32)):
        with pytest.raises(UnknownKeyError):
            waiting.renew(newer)


def test_texts_of_two_purposes_do_not_meet():
    assert not set(chain(2, 5).every("name", "x")) & set(chain(2, 5).every("phone", "x"))
