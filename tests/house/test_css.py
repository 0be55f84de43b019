"""Walks the stylesheet and the one script: small, direction-free, readable by old phones and in every scheme."""

import re
from pathlib import Path

import pytest

from portal.core import brand
from portal.web.assets import squeeze, style_for_first_view

STATIC = Path(__file__).parents[2] / "static"
CSS = (STATIC / "portal.css").read_text(encoding="utf-8")
BARE = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)
RULES = re.findall(r"([^{}]+)\{([^{}]*)\}", BARE)
SCRIPT = (STATIC / "portal.js").read_text(encoding="utf-8")


def tokens(block):
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", block))


LIGHT = tokens(BARE[: BARE.index("@media")])
DARK = {
    **LIGHT,
    **tokens(re.search(r"prefers-color-scheme: dark\)\s*\{\s*:root\s*\{(.*?)\}", BARE, re.DOTALL)[1]),
}


def full(color):
    return "#" + "".join(part * 2 for part in color[1:]) if len(color) == 4 else color


def test_lengths():
    assert len(CSS.splitlines()) < 600
    assert len(SCRIPT.splitlines()) < 100


def test_only_logical_directions():
    physical = (
        r"(margin|padding|border)-(left|right)|(?<![-\w])(left|right)\s*:|text-align:\s*(left|right)|float:"
    )
    assert not re.search(physical, BARE), re.search(physical, BARE)


def test_what_old_phones_do_not_know():
    for word in (":has(", ":is(", ":where(", "clamp(", "@container", "@layer", "inset:", "inset-", "margin-inline:",
                 "padding-inline:", "margin-block:", "padding-block:", "aspect-ratio", "oklch", "color-mix",
                 "&"):  # fmt: skip
        assert word not in BARE, word


def test_gap_stands_in_grids_only():
    for selector, body in RULES:
        if re.search(r"(?<![-\w])gap:", body) and "grid" not in body:
            places = [other for name, other in RULES if name.strip() == selector.strip()]
            assert any("display: grid" in other for other in places), selector


def test_every_class_of_the_templates_is_drawn():
    drawn = set(re.findall(r"\.([a-z][\w-]*)", BARE))
    bare = {"wrap", "field", "page"}
    for path in (STATIC.parent / "templates").rglob("*.html"):
        if "pdf" in path.parts or "agreement" in path.parts:
            continue
        text = re.sub(
            r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        used = {name for names in re.findall(r'class="([^"]*)"', text) for name in names.split()}
        assert used <= drawn | bare, f"{path.name}: {sorted(used - drawn - bare)}"


def test_nothing_is_fetched():
    assert "url(" not in BARE
    assert "@import" not in BARE
    assert "@font-face" not in BARE


def test_no_shadow_no_italics_no_capitals():
    for word in ("box-shadow", "text-shadow", "italic", "uppercase", "letter-spacing", "justify;"):
        assert word not in BARE.replace("justify-content", ""), word


def test_important_is_rare():
    allowed = re.findall(
        r"\[hidden\][^}]*!important|\[type=hidden\][^}]*!important|prefers-reduced-motion: reduce\)[^@]*",
        BARE,
    )
    assert BARE.count("!important") == sum(part.count("!important") for part in allowed)


def test_each_mode_is_there():
    for mode in (
        "prefers-color-scheme: dark",
        "forced-colors: active",
        "prefers-reduced-motion: reduce",
        "@media print",
    ):
        assert mode in BARE
    for tag in ("th", "hi", "ar", "zh-Hans", "zh-Hant"):
        assert f":lang({tag})" in BARE


def test_the_brand_stands_on_the_grounds_of_the_stylesheet():
    for name in ("ground", "sheet", "shelf"):
        assert brand.LIGHT[name] == LIGHT[name]
        assert brand.DARK[name] == DARK[name]
    assert LIGHT["brand"] == brand.ACCENT


TEXT_PAIRS = [
    ("ink", "ground sheet sunk shelf lamp lamp-soft brand-soft"),
    ("soft", "ground sheet sunk shelf lamp-soft brand-soft"),
    ("brand", "ground sheet shelf brand-soft"),
    ("on-brand", "brand brand-deep"),
    ("wrong", "ground sheet wrong-soft"),
]
LINE_PAIRS = [("edge", "ground sheet sunk"), ("brand-line", "ground sheet")]


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast(scheme):
    for pairs, least in ((TEXT_PAIRS, 7), (LINE_PAIRS, 3)):
        for one, grounds in pairs:
            for ground in grounds.split():
                assert brand.contrast(full(scheme[one]), full(scheme[ground])) >= least, (one, ground)


def test_the_first_view_leaves_the_console_out():
    style = style_for_first_view()
    assert ".desk {" not in style
    assert ".desk{" not in style
    assert "@media print" in style
    assert len(style) < len(CSS)


def test_squeezing_changes_nothing_but_white_space():
    assert (
        squeeze("a { b : c; }\n/* x */ d > e { f: calc(1px + 2px); }") == "a{b : c}d > e{f: calc(1px + 2px)}"
    )


def test_the_script_makes_no_markup_and_runs_no_text():
    for word in ("innerHTML", "outerHTML", "insertAdjacent", "eval(", "new Function", "document.write", "localStorage",
                 "sessionStorage", "document.cookie", "http:", "https:"):  # fmt: skip
        assert word not in SCRIPT, word
