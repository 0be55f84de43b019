"""The sentences of agreements: data files by version and language (`gateways.sentences`)."""

from portal.gateways.sentences import Sentences, load_sentences
from portal.web.language import FOLDER, Language, languages

CLAUSES = FOLDER / "clauses"
Clauses = Sentences


def load_clauses(version: str, tag: str) -> Clauses | None:
    """Read a file of clauses; None where that version does not speak that language."""
    return load_sentences("clauses", version, tag)


def clause_languages(version: str) -> list[Language]:
    """List the offered languages in which a version's sentences are there."""
    return [one for one in languages().values() if one.complete and load_clauses(version, one.tag)]
