from portal.core.imports.words import LANGUAGES, security_word


def test_every_language_has_words_enough_and_the_same_digest_gives_the_same_word():
    for language in LANGUAGES:
        words = {security_word(language=language, digest=bytes([n]) * 8) for n in range(256)}
        assert len(words) >= 20
        assert all(word.isprintable() and " " not in word for word in words)
    assert security_word(language="pt-BR", digest=b"\x01" * 32) == security_word(
        language="pt", digest=b"\x01" * 32
    )
    assert security_word(language="xx", digest=b"\x01" * 32) == security_word(
        language="en", digest=b"\x01" * 32
    )
