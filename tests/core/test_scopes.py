from portal.core.scopes import GUEST_SCOPES, SCOPES, unknown_scopes


def test_scopes_are_words_with_a_sentence():
    assert all(about.endswith(".") for about in SCOPES.values())
    assert unknown_scopes(("accounts:read", "all")) == ["all"]


def test_no_word_of_a_guest_signs_pays_or_is_a_lenders():
    for words in GUEST_SCOPES.values():
        assert not set(words) & set(SCOPES)
        assert all(about.endswith(".") for about in words.values())
    assert unknown_scopes(("clients:read", "accounts:read"), known=GUEST_SCOPES["counselor"]) == [
        "accounts:read"
    ]
