"""Sentences of documents: data files by kind, version and language, with the plural forms of each language.

`translations/KIND/VERSION/LANGUAGE.toml`: `[about]` says the version and who signed it off, the other table holds the
sentences by their text ids.
"""

import gettext
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from portal.gateways.languages import FOLDER, Language, languages


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """One language's sentences of one version; `is_reviewed` when somebody who may has signed them off."""

    language: Language
    version: str
    is_reviewed: bool
    texts: Mapping[str, str | list[str]]

    def say(self, key: str, values: Mapping[str, object]) -> str:
        """Write a sentence out; a list is chosen by the number `num` among the values. Raises KeyError."""
        text = self.texts[key]
        if isinstance(text, list):
            text = text[_plural(self.language.plurals)(int(str(values["num"])))]
        return text % values


@cache
def load_sentences(kind: str, version: str, tag: str) -> Sentences | None:
    """Read a file of sentences; None where that version does not speak that language."""
    path = FOLDER / kind / version / f"{tag}.toml"
    if not re.fullmatch(r"[0-9-]+", version) or tag not in languages() or not path.exists():
        return None
    file = tomllib.loads(path.read_text(encoding="utf-8"))
    about = file.pop("about")
    (texts,) = file.values()
    return Sentences(
        language=languages()[tag],
        version=about["version"],
        is_reviewed=about["status"] == "reviewed",
        texts=texts,
    )


@cache
def _plural(header: str) -> Callable[[int], int]:
    """Make the rule of a Plural-Forms header: number in, place of the form out."""
    rule = header.partition("plural=")[2].partition(";")[0]
    return gettext.c2py(rule)  # type: ignore[attr-defined,no-any-return]
