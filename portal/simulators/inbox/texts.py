"""How a text looks and counts on a phone: parts as carriers count them, links that can be tapped."""

import re
from dataclasses import dataclass

from markupsafe import Markup, escape

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_PAIRS = frozenset("\f^{}\\[~]|€")
_LINK = re.compile(r"https?://[^\s<>\"]+")
_TRAILING = ".,;:!?)]}»”’。，、"


@dataclass(frozen=True, slots=True)
class Size:
    """Alphabet, units and parts of a text, counted independently of the sender."""

    encoding: str
    units: int
    parts: int
    single_max: int


def measure(text: str) -> Size:
    is_gsm = all(letter in GSM or letter in GSM_PAIRS for letter in text)
    single, part = (160, 153) if is_gsm else (70, 67)
    pairs = (letter in GSM_PAIRS if is_gsm else ord(letter) > 0xFFFF for letter in text)
    widths = [1 + is_pair for is_pair in pairs]
    units = sum(widths)
    parts, filled = 1, 0
    if units > single:
        for width in widths:
            if filled + width > part:
                parts, filled = parts + 1, 0
            filled += width
    return Size("GSM-7" if is_gsm else "UCS-2", units, parts, single)


def linked(text: str) -> Markup:
    """Escape a text and make its web addresses links, left to right inside any script."""
    out = Markup()
    place = 0
    for match in _LINK.finditer(text):
        address = match[0].rstrip(_TRAILING)
        out += escape(text[place : match.start()])
        out += Markup('<a href="{0}" rel="noreferrer"><bdi dir="ltr">{0}</bdi></a>').format(address)
        place = match.start() + len(address)
    return out + escape(text[place:])
