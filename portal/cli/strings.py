"""The words of the product: collected from the source, kept in one catalog a language, checked before they ship."""

import tomllib
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

from portal.web.language import FOLDER, SOURCE, Language, is_sound, languages, placeholders, read_catalog

ROOT = FOLDER.parent
SHOWN_MAX = 30
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
METHODS = [("portal/**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}}
#: The gallery is for photographs and speaks English only; simulators are outside parties.
NOT_OURS = ("portal/web/public/gallery.py", "portal/simulators/", "portal/cli/", "templates/public/gallery")


def source_catalog(root: Path = ROOT) -> Catalog:
    """Collect every string of the source, with its places and the comments for translators."""
    catalog = Catalog(locale=SOURCE)
    for folder in ("portal", "templates"):
        found = extract_from_dir(
            root / folder,
            [
                (pattern.partition("/")[2], method)
                for pattern, method in METHODS
                if pattern.startswith(folder)
            ],
            {
                pattern.partition("/")[2]: options
                for pattern, options in OPTIONS.items()
                if pattern.startswith(folder)
            },
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
            directory_filter=lambda path: not path.endswith("__pycache__"),
        )
        for name, line, message, comments, context in found:
            path = f"{folder}/{name}"
            if not path.startswith(NOT_OURS):
                catalog.add(message, None, [(path, line)], auto_comments=comments, context=context)
    return catalog


def problems_of(language: Language, source: Catalog, catalog: Catalog | None) -> list[str]:
    """List what keeps a complete language from being complete; an empty list means nothing does."""
    if language.tag == SOURCE:
        return []
    if catalog is None:
        return [f"{language.tag}: there is no catalog"]
    problems = []
    if catalog.plural_forms.rstrip(";") != language.plurals.rstrip(";"):
        problems.append(f"{language.tag}: Plural-Forms is {catalog.plural_forms}, must be {language.plurals}")
    for wanted in source:
        if wanted.id:
            problems += [f"{language.tag}: {words}" for words in _lacks(wanted, catalog)]
    problems += [f"{language.tag}: {words}" for words in _calques(language, catalog)]
    left_over = [message.id for message in catalog if message.id and message.id not in source]
    return problems + [f"{language.tag}: not in the source any more: {identity!r}" for identity in left_over]


def _lacks(wanted: Message, catalog: Catalog) -> list[str]:
    found = catalog.get(wanted.id, wanted.context)
    if found is None or not found.string or not all(_texts(found)):
        return [f"missing: {wanted.id!r}"]
    if found.fuzzy:
        return [f"fuzzy: {wanted.id!r}"]
    if not is_sound(found, catalog.num_plurals):
        names = sorted(placeholders(wanted.id if isinstance(wanted.id, str) else wanted.id[-1]))
        return [f"placeholders must be {names}, forms {catalog.num_plurals}: {found.string!r}"]
    return []


def _calques(language: Language, catalog: Catalog) -> list[str]:
    """Find words that a machine would choose and no reader of the language would (translations/calques.toml)."""
    wrong = tomllib.loads((FOLDER / "calques.toml").read_text(encoding="utf-8")).get(language.tag, {})
    return [
        f"{word!r} is wrong, {why}: {text!r}"
        for message in catalog
        if message.id
        for text in _texts(message)
        for word, why in wrong.items()
        if text and word.lower() in text.lower()
    ]


def _texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def renewed(language: Language, source: Catalog, catalog: Catalog | None) -> bytes:
    """Write a language's catalog anew: every string of the source, known translations kept, the rest empty."""
    fresh = Catalog(
        locale=language.catalog,
        project="portal",
        charset="utf-8",
        fuzzy=False,
        header_comment=f"# {language.name}. Sorted; made by `portal update-strings`.",
    )
    fresh.mime_headers = [("Plural-Forms", language.plurals)]
    for message in source:
        if not message.id:
            continue
        known = catalog.get(message.id, message.context) if catalog else None
        string = known.string if known and not known.fuzzy else None
        places = sorted({(path, 0) for path, _ in message.locations})
        fresh.add(message.id, string, places, auto_comments=message.auto_comments, context=message.context)
    buffer = BytesIO()
    write_po(buffer, fresh, sort_output=True, include_lineno=False, omit_header=False, width=0)
    return _without_dates(buffer.getvalue())


def _without_dates(text: bytes) -> bytes:
    """Leave out header lines that change by themselves, so that a catalog changes only with its words."""
    dropped = (
        b'"POT-Creation-Date',
        b'"PO-Revision-Date',
        b'"Last-Translator',
        b'"Generated-By',
        b'"Report-Msgid',
    )
    return b"".join(line for line in text.splitlines(keepends=True) if not line.startswith(dropped))


def check() -> list[str]:
    """List the problems of all languages that are offered to people."""
    source = source_catalog()
    return [
        problem
        for language in languages().values()
        if language.complete
        for problem in problems_of(language, source, read_catalog(language))
    ]


@click.command(name="check-strings")
def command() -> None:
    """Fail when a language that people can choose lacks a string, a plural form or a placeholder."""
    problems = check()
    for problem in problems[:SHOWN_MAX]:
        click.echo(problem, err=True)
    if problems:
        raise click.ClickException(f"{len(problems)} strings need a look")
    click.echo("All strings are there.")


@click.command(name="update-strings")
def update() -> None:
    """Collect the strings of the source and write them into the catalog of every listed language."""
    source = source_catalog()
    for language in languages().values():
        if language.tag == SOURCE:
            continue
        path = FOLDER / language.catalog / "LC_MESSAGES" / "messages.po"
        if not path.exists() and not language.complete:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(renewed(language, source, read_catalog(language)))
        missing = sum(problem.startswith(f"{language.tag}: missing") for problem in _after(language, source))
        click.echo(f"{language.tag}: {len(source)} strings, {missing} to translate")


def _after(language: Language, source: Catalog) -> list[str]:
    return problems_of(language, source, read_catalog(language))
