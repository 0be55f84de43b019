"""Which language a page speaks, and the catalogs behind it.

The list of languages is data: translations/locales.toml. Catalogs (messages.po) are compiled when the app
starts. A sentence whose translation is missing or broken is shown in English, never as an error.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import Babel, Domain, lazy_gettext, lazy_ngettext, refresh

from portal.gateways.languages import FOLDER, SOURCE, Language, languages, offered

__all__ = [
    "FOLDER",
    "SOURCE",
    "Language",
    "gettext",
    "languages",
    "lazy_gettext",
    "lazy_ngettext",
    "ngettext",
    "offered",
]

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|(%)")


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Render in another language for a while: papers for people who read other languages than this request's."""
    kept = current()
    try:
        _speak(languages()[tag])
        yield
    finally:
        _speak(kept)


def _speak(tongue: Language) -> None:
    g.language = tongue
    g.pop("catalog", None)
    refresh()  # Flask-Babel remembers the locale of a request


def is_offered(tag: str | None) -> bool:
    return tag is not None and any(language.tag == tag for language in offered())


def current() -> Language:
    """Give the language of this request, decided once."""
    if not has_request_context():
        return languages()[SOURCE]
    found: Language | None = g.get("language")
    if found is None:
        found = g.language = languages()[_choose()]
    return found


def set_language(language: Language) -> None:
    """Let the rest of this request speak a language, whoever reads it: for a text beside another."""
    g.language = language
    g.pop("catalog", None)


def suggest(*, debtor: str | None = None, lender: str | None = None) -> None:
    """Tell which language the debtor is known to read and which the lender writes by default.

    An explicit choice of the person goes first, the browser's wish last. Call it before the page is rendered.
    """
    g.suggested = (debtor, lender)
    g.pop("language", None)
    g.pop("catalog", None)


def choose(tag: str) -> bool:
    """Remember an explicit choice in the cookie; a language that is not offered changes nothing."""
    if not is_offered(tag):
        return False
    session["language"] = tag
    g.pop("language", None)
    g.pop("catalog", None)
    return True


def _choose() -> str:
    for tag in (session.get("language"), *g.get("suggested", ())):
        if is_offered(tag):
            return tag
    return next(filter(None, map(_offered_for, request.accept_languages.values())), SOURCE)


_ALIASES = {"zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-tw": "zh-Hant", "zh-hk": "zh-Hant"}


def _offered_for(wish: str) -> str | None:
    """Find the offered language for one wish of a browser: th-TH gets th, zh-SG gets zh-Hans."""
    wish = wish.lower().replace("_", "-")
    for tag in (wish, _ALIASES.get(wish, ""), wish.rpartition("-")[0], wish.partition("-")[0]):
        for language in offered():
            if tag == language.tag.lower() or _ALIASES.get(tag) == language.tag:
                return language.tag
    return None


# ---- catalogs


def placeholders(text: str) -> frozenset[str]:
    """Give the named placeholders of a message; a lone percent sign counts as one, so that it is noticed."""
    return frozenset(
        name or stray for name, stray in _PLACEHOLDER.findall(text.replace("%%", "")) if name or stray
    )


def is_sound(message: Message, plurals: int) -> bool:
    """Tell whether a translation can stand in for its source: same placeholders, right number of forms."""
    sources = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    texts = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    if not all(texts) or (len(sources) > 1 and len(texts) != plurals):
        return False
    wanted = placeholders(sources[-1])
    if len(sources) == 1:
        return placeholders(texts[0]) == wanted
    # A form for one or two things may leave the number out, but may not invent a placeholder.
    may_lack = {"num"} | (wanted - placeholders(sources[0]))
    return all(placeholders(text) <= wanted and wanted - placeholders(text) <= may_lack for text in texts)


def read_catalog(language: Language) -> Catalog | None:
    """Read the messages.po of a language, or None where there is none."""
    path = FOLDER / language.catalog / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language.catalog)


def compiled(catalog: Catalog) -> bytes:
    """Compile a catalog without its unsound translations: these fall back to English."""
    for message in list(catalog):
        if message.id and not is_sound(message, catalog.num_plurals):
            catalog.delete(message.id, context=message.context)
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def load(language: Language) -> NullTranslations:
    """Give the translations of a language; the .mo beside the .po is renewed when it is older."""
    path = FOLDER / language.catalog / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    made = path.with_suffix(".mo")
    if not made.exists() or made.stat().st_mtime_ns < path.stat().st_mtime_ns:
        return _renew(language, made)
    return _read(made, made.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _read(made: Path, _changed: int) -> Translations:
    with made.open("rb") as file:
        return Translations(file)


def _renew(language: Language, made: Path) -> NullTranslations:
    catalog = read_catalog(language)
    data = compiled(catalog) if catalog else b""
    try:
        fresh = made.with_suffix(".new")
        fresh.write_bytes(data)
        fresh.replace(made)
    except OSError:  # a read-only installation: what was compiled serves this process
        pass
    return Translations(BytesIO(data))


class _Catalogs(Domain):
    """All catalogs of the process; one look-up a request decides which is used."""

    def __init__(self) -> None:
        super().__init__(domain="messages")
        self.loaded = {tag: load(language) for tag, language in languages().items() if language.complete}

    def get_translations(self) -> NullTranslations:
        return _spoken()


def _catalogs() -> _Catalogs:
    return current_app.extensions["babel"].instance.domain_instance


def _spoken() -> NullTranslations:
    """Give the catalog of this request: one look at `g`, for a page asks some fifty times."""
    if not has_request_context():
        return _catalogs().loaded[SOURCE]
    found: NullTranslations | None = g.get("catalog")
    if found is None:
        found = g.catalog = _catalogs().loaded[current().tag]
    return found


def gettext(text: str, **values: object) -> str:
    """Translate a sentence into the language of the request and put the values in."""
    said = _spoken().ugettext(text)
    return said % values if values else said


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """Translate a sentence that depends on a number; it can use %(num)s."""
    return _catalogs().ngettext(one, many, num, **values)


def configure(app: Flask) -> None:
    """Give the app its languages: Flask-Babel with our catalogs, and the Jinja functions over them."""
    babel = Babel(app, locale_selector=lambda: Locale.parse(current().catalog))
    catalogs = _Catalogs()
    babel.domain_instance = catalogs
    app.jinja_env.install_gettext_callables(
        lambda text: _spoken().ugettext(text),
        lambda one, many, num: _spoken().ungettext(one, many, num),
        newstyle=True,
    )
    app.jinja_env.speak(
        language=lambda: current().tag, translate=lambda tag, text: catalogs.loaded[tag].ugettext(text)
    )
    app.before_request(_take_choice)


def _take_choice() -> None:
    """Take `?l=` of a link in the language list: it sets the cookie and nothing else."""
    if request.method == "GET" and "l" in request.args:
        choose(request.args["l"])
