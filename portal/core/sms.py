"""How long a text message is: alphabet, units, and the parts that a carrier counts and bills.

Source: 3GPP TS 23.038 (alphabet and its extension table), 23.040 (a part of a longer message gives 6 octets to its
header: 153 septets or 67 UTF-16 units are left of 160 and 70).
"""

from dataclasses import dataclass

GSM_7 = "GSM-7"
UCS_2 = "UCS-2"

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The GSM 7-bit default alphabet: á í ó ú ã õ â ê ç are not in it."""
EXTENSION = frozenset("\f^{}\\[~]|€")
"""Characters of the alphabet's extension table: an escape and the character, two septets that stay together."""

_SINGLE = {GSM_7: 160, UCS_2: 70}
_PART = {GSM_7: 153, UCS_2: 67}


@dataclass(frozen=True, slots=True)
class Segments:
    """A measured text: `encoding` (GSM-7 or UCS-2), `count` of parts, `units` (septets or UTF-16 units)."""

    encoding: str
    count: int
    units: int

    @property
    def single_max(self) -> int:
        """The units that fit in one message: 160 or 70."""
        return _SINGLE[self.encoding]


def is_gsm_7(text: str) -> bool:
    """Tell whether every character of a text is in the GSM 7-bit alphabet or its extension table."""
    return BASIC.union(EXTENSION).issuperset(text)


def segments(text: str) -> Segments:
    """Measure a text as a carrier does: its alphabet, its units, and how many parts it takes.

    One character outside the GSM 7-bit alphabet turns the whole message into UCS-2. A pair of units (an escaped
    character, a character outside the basic plane) is never cut in two, so a part may end one unit early. An empty
    text takes one part.
    """
    encoding = GSM_7 if is_gsm_7(text) else UCS_2
    if _is_narrow(text, encoding):
        is_single = len(text) <= _SINGLE[encoding]
        count = 1 if is_single else -(-len(text) // _PART[encoding])
        return Segments(encoding=encoding, count=count, units=len(text))
    widths = [_width(character, encoding) for character in text]
    units = sum(widths)
    if units <= _SINGLE[encoding]:
        return Segments(encoding=encoding, count=1, units=units)
    return Segments(encoding=encoding, count=_parts(widths, _PART[encoding]), units=units)


def count_segments(text: str) -> int:
    """Count the parts that a text takes (see `segments`)."""
    return segments(text).count


def _is_narrow(text: str, encoding: str) -> bool:
    """Tell whether every character takes one unit, as in nearly every message."""
    return EXTENSION.isdisjoint(text) if encoding == GSM_7 else max(text, default="") <= "\uffff"


def _width(character: str, encoding: str) -> int:
    if encoding == GSM_7:
        return 2 if character in EXTENSION else 1
    return 2 if ord(character) > 0xFFFF else 1


def _parts(widths: list[int], size: int) -> int:
    parts, room = 1, size
    for width in widths:
        if width > room:
            parts, room = parts + 1, size
        room -= width
    return parts
