"""The brand keeps its contrast for any accent a lender may like."""

import itertools
import re

import pytest

from portal.core import brand

SAMPLE = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in itertools.product(range(0, 256, 51), repeat=3)]
GRID = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in itertools.product(range(0, 256, 17), repeat=3)]


def assert_safe(accent):
    made = brand.tokens(accent)
    light, dark = made["light"], made["dark"]
    for ground in (brand.LIGHT["ground"], brand.LIGHT["shelf"], "#ffffff", light["brand-soft"]):
        assert brand.contrast(light["brand"], ground) >= 7, accent
    assert brand.contrast(light["on-brand"], light["brand"]) >= 7, accent
    assert brand.contrast(light["on-brand"], light["brand-deep"]) >= 7, accent
    assert brand.contrast(light["brand-line"], brand.LIGHT["ground"]) >= 3, accent
    for ground in (brand.DARK["ground"], brand.DARK["sheet"], brand.DARK["shelf"], dark["brand-soft"]):
        assert brand.contrast(dark["brand"], ground) >= 7, accent
    assert brand.contrast(dark["on-brand"], dark["brand"]) >= 7, accent
    assert brand.contrast(dark["on-brand"], dark["brand-deep"]) >= 7, accent
    assert brand.contrast(dark["brand-line"], brand.DARK["sheet"]) >= 3, accent


@pytest.mark.parametrize("accent", SAMPLE[::5])
def test_any_accent_keeps_its_contrast(accent):
    assert_safe(accent)


@pytest.mark.long
def test_the_whole_grid_keeps_its_contrast():
    for accent in GRID:
        assert_safe(accent)


def test_reds_become_calm():
    for red in ("#e30613", "#ff0000", "#d2042d"):
        assert brand.lch(brand.tokens(red)["light"]["brand"])[1] <= 0.061


def test_examples_of_the_look():
    assert brand.tokens("#111111")["light"]["brand"] == "#111111"
    assert brand.tokens("#00a651")["dark"]["brand"] == "#9bd4a8"


@pytest.mark.parametrize("wrong", ["", "red", "#fff", "#12345g", "#1234567", "url(#a)", "#00000}"])
def test_what_is_no_color(wrong):
    assert not brand.is_color(wrong)
    with pytest.raises(ValueError, match="not a color"):
        brand.tokens(wrong)


def test_the_style_holds_nothing_but_colors():
    assert re.fullmatch(r"[-:\w{};@() #.]+", brand.css("#0057b8"))
    assert "--brand:#104182" in brand.css("#0057b8")
