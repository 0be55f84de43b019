"""A lender's logo: whatever drawing comes in, plain shapes in one color go out."""

import re
from xml.etree import ElementTree as ET

_SHAPES = frozenset({"svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon"})
_NUMBERS = frozenset(
    "viewBox d cx cy r rx ry x y x1 y1 x2 y2 width height points transform stroke-width".split()  # noqa: SIM905
)
_WORDS = frozenset({"stroke-linecap", "stroke-linejoin", "fill-rule", "clip-rule"})
LOGO_BYTES_MAX = 20_000


def plain_logo(svg: str) -> str | None:
    """Return a lender's drawing as a one-color SVG of plain shapes, or None when it is not such a drawing.

    Only shapes and their numbers are kept; every fill and stroke becomes the color of the text, so a logo can
    neither run anything, nor load anything, nor break the contrast of the page.
    """
    if len(svg) > LOGO_BYTES_MAX or "<!" in svg or "<?" in svg:
        return None
    try:
        root = ET.fromstring(svg)  # noqa: S314 - neither entities nor declarations get this far
    except ET.ParseError:
        return None
    if _name(root.tag) != "svg" or "viewBox" not in root.attrib:
        return None
    return _plain(root, is_root=True)


def _plain(element: ET.Element, *, is_root: bool = False) -> str:
    name = _name(element.tag)
    if name not in _SHAPES:
        return ""
    kept = {key: value for key, value in element.attrib.items() if _is_plain(key, value)}
    kept |= {
        key: "none" if element.get(key) == "none" else "currentColor"
        for key in _paints(element, is_root=is_root)
    }
    if is_root:
        kept = {"viewBox": kept["viewBox"], "aria-hidden": "true"} | {
            k: kept[k] for k in _paints(element, is_root=is_root)
        }
    written = "".join(f' {key}="{value}"' for key, value in kept.items())
    inner = "".join(_plain(child) for child in element)
    return f"<{name}{written}>{inner}</{name}>"


def _paints(element: ET.Element, *, is_root: bool) -> list[str]:
    return [key for key in ("fill", "stroke") if key in element.attrib or (is_root and key == "fill")]


def _is_plain(key: str, value: str) -> bool:
    if key in _NUMBERS:
        return re.fullmatch(r"[-+.,\s0-9A-Za-z()%]*", value) is not None and "url" not in value.lower()
    return key in _WORDS and value.isalpha()


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]
