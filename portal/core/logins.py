"""How people who sign in are called: an e-mail address, the same whichever way it is typed."""

import unicodedata

AUDIENCES = ("staff", "counselor", "trainer")


def normalize_login(text: str) -> str:
    """Give a login in the one form that is compared: NFKC, case folded, without spaces around it."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def directory_word(*, audience: str, login: str) -> str:
    """Give the word under which the shared directory (kind `login`) keeps where a person signs in.

    Raises ValueError for an audience that is none of `AUDIENCES`.
    """
    if audience not in AUDIENCES:
        raise ValueError(f"{audience!r} signs in nowhere")
    return f"{audience}:{normalize_login(login)}"
