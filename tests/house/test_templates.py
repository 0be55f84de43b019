"""Walks every template: whole pages, fragments with one root, no inline script or style, kind words."""

import re
from pathlib import Path

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader, nodes
from jinja2.ext import InternationalizationExtension

ROOT = Path(__file__).parents[2] / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))
#: Parts, documents (rendered alone, hashed, printed) and the bases themselves.
NOT_PAGES = ("_ui", "pdf", "agreement", "letter", "templates")
PAGES = [path for path in TEMPLATES if not path.name.startswith("_") and path.parent.name not in NOT_PAGES]
FRAGMENTS = [path for path in TEMPLATES if path.name.startswith("_") and path.parent.name not in NOT_PAGES]
LINES_MAX = 120
ENVIRONMENT = Environment(
    loader=FileSystemLoader(ROOT), autoescape=True, extensions=[InternationalizationExtension]
)
#: Words that a debtor never reads (SCREENS.md 8); public pages and parts are shown to debtors too.
UNKIND = re.compile(
    r"\b(debtors?|delinquen\w*|default(s|er|ed)?|demands?|final notice|fail(s|ed|ure)?|reject\w*|immediately"
    r"|consequences?|act now|last chance)\b",
    re.IGNORECASE,
)
READ_BY_DEBTORS = ("debtor", "public", "errors", "_ui")


def name_of(path):
    return str(path.relative_to(ROOT))


def each(paths):
    return pytest.mark.parametrize("path", paths, ids=name_of)


def source(path):
    return path.read_text(encoding="utf-8")


def without_jinja(text):
    """Leave the HTML of a template: comments and tags out, expressions as a word."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}", "", text, flags=re.DOTALL)
    return re.sub(r"\{\{.*?\}\}", "x", text, flags=re.DOTALL)


@each(TEMPLATES)
def test_length(path):
    assert len(source(path).splitlines()) <= LINES_MAX


@each(TEMPLATES)
def test_it_can_be_read(path):
    ENVIRONMENT.parse(source(path))


@each(TEMPLATES)
def test_nothing_inline(path):
    text = without_jinja(source(path))
    assert not re.search(r"\son[a-z]+\s*=", text), "an on… attribute"
    assert not re.search(r"\sstyle\s*=", text), "an inline style"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "an inline script"
    assert "javascript:" not in text
    assert "hx-on" not in text
    if name_of(path) != "base.html" and path.parent.name != "pdf":
        assert "<style" not in text
    assert not re.search(r"(src|href|action)=\"(https?:)?//", text), "another host"


@each(TEMPLATES)
def test_nothing_escapes_the_escaping(path):
    """`|safe` stands on literals only."""
    assert not re.search(r"\|\s*safe\b", re.sub(r"'[^']*'\|safe", "", source(path)))
    assert "autoescape" not in source(path)


@each(PAGES)
def test_a_page_stands_on_the_base_and_has_a_title(path):
    text = source(path)
    assert re.search(r'{% extends "[\w/]*(base|console)\.html" %}|{% extends "\w+/_?\w+\.html" %}', text)
    assert "{% block title %}" in text or 'extends "debtor/' in text


@each(PAGES)
def test_a_page_has_one_heading(path):
    text = source(path)
    places = len(re.findall(r"<h1", text)) + len(re.findall(r"{% call bar\(|{{ bar\(", text))
    included = [ROOT / name for name in re.findall(r'{% include "([^"]+)"', text)]
    places += sum(len(re.findall(r"<h1", source(one))) for one in included if one.exists())
    assert places >= 1 or 'extends "debtor/' in text


PYTHON = " ".join(path.read_text(encoding="utf-8") for path in (ROOT.parent / "portal").rglob("*.py"))


LONE_MACRO = re.compile(r'{% from "([^"]+)" import (\w+) %}\s*{{ \2\(.*\) }}\s*', re.DOTALL)


def drawn(path):
    """The source of what a fragment draws: its own, or that of the one macro that it is."""
    lone = LONE_MACRO.fullmatch(source(path))
    if lone is None:
        return source(path)
    macro = rf"{{% macro {lone[2]}\(.*?%}}(.*?){{% endmacro %}}"
    return re.search(macro, source(ROOT / lone[1]), re.DOTALL)[1]


@each(FRAGMENTS)
def test_a_fragment_has_one_root(path):
    """One that is swapped by itself has an id, too; one that is only included may stand many times on a page."""
    text = drawn(path)
    roots = list(html5lib.parseFragment(without_jinja(text).strip("x \n"), namespaceHTMLElements=False))
    if f'"{name_of(path)}"' in PYTHON or "hx-swap" in text:
        assert len(roots) == 1, [root.tag for root in roots]
        assert roots[0].get("id")
    elif "{% call" not in text:
        assert len(roots) == 1, [root.tag for root in roots]


@each(TEMPLATES)
def test_every_import_is_used(path):
    tree = ENVIRONMENT.parse(source(path))
    text = source(path)
    for imported in tree.find_all(nodes.FromImport):
        for name in imported.names:
            alias = name[1] if isinstance(name, tuple) else name
            assert len(re.findall(rf"\b{alias}\(", text)) >= 1, f"{alias} is not used"


@each(TEMPLATES)
def test_every_import_exists(path):
    for imported in ENVIRONMENT.parse(source(path)).find_all(nodes.FromImport):
        module = ROOT / imported.template.value
        defined = {macro.name for macro in ENVIRONMENT.parse(source(module)).find_all(nodes.Macro)}
        wanted = {name[0] if isinstance(name, tuple) else name for name in imported.names}
        assert wanted <= defined, f"{imported.template.value} lacks {wanted - defined}"


@each(TEMPLATES)
def test_forms_work_without_scripts(path):
    text = source(path)
    for form in re.findall(r"<form\b.*?</form>", text, flags=re.DOTALL):
        opening = form[: form.index(">") + 1]
        assert "method=" in opening, opening
        if 'method="post"' in opening:
            assert re.search(r"tokens\(|csrf_token", form), f"{opening} lacks its token"
    for opening in re.findall(r"<\w+[^>]*\shx-(?:get|post)=[^>]*>", text):
        assert re.match(r"<(form|a|button|input|select)\b", opening) or 'hx-trigger="load' in opening, opening


def test_every_target_exists():
    texts = {path: source(path) for path in TEMPLATES}
    ids = set(re.findall(r'\sid="([\w-]+)"', " ".join(texts.values())))
    for path, text in texts.items():
        for target in re.findall(r'hx-target="#([\w-]+)"', text):
            assert target in ids, f"{name_of(path)} aims at #{target}"


@each(
    [
        path
        for path in TEMPLATES
        if path.relative_to(ROOT).parts[0] in READ_BY_DEBTORS and "gallery" not in path.name
    ]
)
def test_words_for_debtors_are_kind(path):
    text = re.sub(r"\{#.*?#\}", "", source(path), flags=re.DOTALL)
    said = " ".join(
        re.findall(r'_\("((?:[^"\\]|\\.)*)"', text) + re.findall(r">([^<{}]+)<", without_jinja(text))
    )
    assert not UNKIND.search(said), UNKIND.search(said)


@each(TEMPLATES)
def test_figures_and_dates_come_from_the_filters(path):
    text = source(path)
    assert "strftime" not in text
    assert not re.search(r"\|\s*(round|format|int|float)\b", text)
    assert not re.search(r"\{\{[^}\"']*\.minor\b", text), "an amount in minor units"


def test_the_walker_sees_what_it_should():
    for planted in ('<p onclick="x()">', '<p style="a:b">', "<script>x</script>"):
        assert re.search(r"\son[a-z]+\s*=|\sstyle\s*=|<script(?![^>]*\ssrc=)", without_jinja(planted))
    assert UNKIND.search("Your payment has failed")
    assert len(list(html5lib.parseFragment(without_jinja("<p>{{ a }}</p><p></p>")))) == 2
