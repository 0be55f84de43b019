from portal.core.scopes import SCOPES, unknown_scopes


def test_scopes_are_words_with_a_sentence():
    assert all(about.endswith(".") for about in SCOPES.values())
    assert unknown_scopes(("accounts:read", "all")) == ["all"]
