"""Where exchange rates come from: a port with two adapters, a file and an address, that speak the same document.

    {"source": "European Central Bank", "base": "EUR", "at": "2026-11-24T15:00:00Z", "rates": {"USD": "1.0834"}}

Rates are decimal text: how many major units of a currency one of the base is worth. A rate between two others goes over
the base. What cannot be read is no rate; how old a rate may be, the lender's rules say (`core/fx`).
"""

import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Context, Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Protocol

import httpx

from portal.core.fx import Rate
from portal.core.money import CURRENCIES

BYTES_MAX = 262_144
KEPT_SECONDS = 60.0
TIMEOUT_SECONDS = 5.0
_EXACT = Context(prec=16)


class FxRates(Protocol):
    """A provider of exchange rates."""

    def find_rate(self, *, base: str, other: str) -> Rate | None:
        """Find what one unit of `base` is worth in `other` now; None when the provider does not say."""


class DocumentRates:
    """Rates out of a document, read again after a minute; one that cannot be read gives none."""

    def __init__(self, read: Callable[[], bytes], *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._seconds = seconds
        self._kept: tuple[float, Mapping[str, Any]] | None = None

    def find_rate(self, *, base: str, other: str) -> Rate | None:
        """Find a rate, over the document's base where it is neither of the two."""
        document = self._document()
        try:
            per_base, per_other = (_worth(document, code) for code in (base, other))
            at = datetime.fromisoformat(document["at"])
            source = str(document["source"])[:80]
        except (KeyError, TypeError, ValueError, InvalidOperation):
            return None
        if at.tzinfo is None or base == other:
            return None
        return Rate(base=base, other=other, value=_EXACT.divide(per_other, per_base), source=source, at=at)

    def _document(self) -> Mapping[str, Any]:
        now = self._seconds()
        if self._kept is None or now - self._kept[0] > KEPT_SECONDS:
            try:
                found = json.loads(self._read(), parse_float=Decimal)
            except (OSError, ValueError, httpx.HTTPError):
                found = {}
            self._kept = (now, found if isinstance(found, dict) else {})
        return self._kept[1]


def _worth(document: Mapping[str, Any], code: str) -> Decimal:
    """Give what one unit of the document's base is worth in a currency; raises for what is no rate."""
    if code not in CURRENCIES:
        raise KeyError(code)
    value = Decimal(1) if code == document["base"] else Decimal(str(document["rates"][code]))
    if not value.is_finite() or value <= 0:
        raise ValueError(code)
    return value


def file_rates(path: str) -> DocumentRates:
    """Make the provider that reads a file which something else keeps fresh."""
    return DocumentRates(lambda: Path(path).read_bytes()[:BYTES_MAX])


def http_rates(url: str, *, client: httpx.Client | None = None) -> DocumentRates:
    """Make the provider that asks an address; redirects are not followed."""
    asking = client or httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False)

    def read() -> bytes:
        with asking.stream("GET", url, headers={"Accept": "application/json"}) as answer:
            if answer.status_code != 200:
                raise ValueError("no rates")
            body = b""
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > BYTES_MAX:
                    raise ValueError("too long")
            return body

    return DocumentRates(read)
