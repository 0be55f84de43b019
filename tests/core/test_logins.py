import pytest

from portal.core.logins import directory_word, normalize_login


def test_a_login_is_the_same_however_it_is_typed():
    assert normalize_login(" Olivia@Northwind.EXAMPLE ") == "olivia@northwind.example"
    assert directory_word(audience="staff", login="A@b.example") == "staff:a@b.example"


def test_audiences_do_not_share_a_door():
    assert directory_word(audience="trainer", login="a@b") != directory_word(
        audience="counselor", login="a@b"
    )
    with pytest.raises(ValueError, match="signs in nowhere"):
        directory_word(audience="debtor", login="a@b")
