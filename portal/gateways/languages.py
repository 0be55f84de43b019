"""The one list of languages (translations/locales.toml), for pages, letters and whatever has no request."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "translations"
SOURCE = "en"


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """One language of the list; `tag` is BCP 47, `babel` the locale of its numbers, money and dates."""

    tag: str
    name: str
    catalog: str
    babel: str
    direction: str
    plurals: str
    complete: bool


@cache
def languages() -> dict[str, Language]:
    """Give every language of the list by its tag, in the order of the list."""
    listed = tomllib.loads((FOLDER / "locales.toml").read_text(encoding="utf-8"))
    return {tag: Language(tag=tag, **row) for tag, row in listed.items()}


@cache
def offered() -> tuple[Language, ...]:
    """Give the languages that people can choose: those whose every string is translated."""
    return tuple(language for language in languages().values() if language.complete)
