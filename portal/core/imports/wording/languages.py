"""In which languages rows and files come back; what is not among them is said in English."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.core.imports.wording import ar, en, es, th, zh_hans

Sentences = Mapping[str, tuple[str, str]]
LANGUAGES: Mapping[str, Sentences] = MappingProxyType(
    {
        "en": en.SENTENCES,
        "es": es.SENTENCES,
        "th": th.SENTENCES,
        "ar": ar.SENTENCES,
        "zh-Hans": zh_hans.SENTENCES,
    }
)
_WRITTEN = {name.replace("-", "_").lower(): name for name in LANGUAGES} | {"zh": "zh-Hans"}


def sentences_in(language: str | None) -> Sentences:
    """Return code -> (what is wrong, what to do) in a language (BCP 47 or a locale's name), or else in English."""
    tag = (language or "en").replace("-", "_").lower()
    return LANGUAGES[_WRITTEN.get(tag) or _WRITTEN.get(tag.partition("_")[0]) or "en"]


def language_of(language: str | None) -> str:
    """Return the language that `sentences_in` answers in."""
    sentences = sentences_in(language)
    return next(name for name, own in LANGUAGES.items() if own is sentences)
