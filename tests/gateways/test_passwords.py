import re
from concurrent.futures import ThreadPoolExecutor

from portal.gateways.passwords import hash_password, is_password, new_password


def test_a_hash_is_slow_argon2id_with_its_own_salt():
    one, other = hash_password("correct horse"), hash_password("correct horse")
    assert one != other
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in one
    assert is_password("correct horse", hashed=one)
    assert not is_password("wrong horse", hashed=one)


def test_without_a_hash_or_with_a_broken_one_it_says_no():
    assert not is_password("anything", hashed=None)
    assert not is_password("anything", hashed="not a hash")


def test_many_at_once_wait_their_turn():
    hashed = hash_password("correct horse")
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: is_password("correct horse", hashed=hashed), range(8)))


def test_a_first_password_can_be_read_out():
    assert re.fullmatch(r"([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}", new_password())
    assert new_password() != new_password()
