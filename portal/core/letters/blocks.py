"""What a letter is made of: sentences by their text ids, sums, tables and lists, with typed values and no language.

A block is plain data, so that a letter is one canonical JSON (RFC 8785) which every language writes out alike. A value
is an object with one key that tells its kind: `minor` with `currency`, `day`, `rate`, `count`, `words`, `term`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

Value = Mapping[str, Any]
Block = Mapping[str, Any]


def money(minor: int, currency: str) -> Value:
    """Return an amount in minor units as a value."""
    return {"minor": minor, "currency": currency}


def day(on: date) -> Value:
    """Return a date as a value."""
    return {"day": on.isoformat()}


def rate(yearly: Decimal) -> Value:
    """Return a yearly rate as a value: Decimal('0.18') is 18 %."""
    return {"rate": f"{yearly.normalize():f}"}


def count(number: int) -> Value:
    """Return a number of things as a value."""
    return {"count": number}


def words(text: str) -> Value:
    """Return a name, a reference or an address, which no language changes."""
    return {"words": text}


def term(text_id: str) -> Value:
    """Return a word that each language has of its own."""
    return {"term": text_id}


def head(text_id: str) -> Block:
    """Return a heading."""
    return {"head": text_id}


def say(text_id: str, *, num: int | None = None, **values: Value) -> Block:
    """Return a sentence with its values; `num` chooses the plural form where the text has several."""
    more = {} if num is None else {"num": num}
    return {"say": text_id, "with": dict(values), **more}


def points(*sayings: Block) -> Block:
    """Return a list of sentences."""
    return {"points": list(sayings)}


def boxes(*sayings: Block) -> Block:
    """Return a list of sentences with a box to tick before each."""
    return {"boxes": list(sayings)}


def pairs(*rows: tuple[str, Value]) -> Block:
    """Return names with their values, such as a number and a date."""
    return {"pairs": [[name, value] for name, value in rows]}


def total(rows: Sequence[tuple[str, date | None, Value]], name: str, amount: Value) -> Block:
    """Return a sum: what it is made of (a text id, a date or None, an amount) and what it comes to."""
    listed = [[text_id, on.isoformat() if on else "", value] for text_id, on, value in rows]
    return {"sum": listed, "total": [name, amount]}


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> Block:
    """Return a table; amounts stand at the end of their cells, everything else at the start."""
    return {"table": caption, "columns": list(columns), "rows": [list(row) for row in rows]}


def text_ids(blocks: Sequence[Block]) -> Iterator[str]:
    """Return every text id that some blocks ask for."""
    for block in blocks:
        for name in ("head", "say", "table"):
            if name in block:
                yield block[name]
        yield from block.get("columns", ())
        if "total" in block:
            yield block["total"][0]
        yield from (row[0] for row in (*block.get("pairs", ()), *block.get("sum", ())))
        yield from text_ids([*block.get("points", ()), *block.get("boxes", ())])
        yield from (value["term"] for value in _values(block) if "term" in value)


def _values(block: Block) -> Iterator[Value]:
    yield from block.get("with", {}).values()
    yield from (row[1] for row in block.get("pairs", ()))
    for row in block.get("rows", ()):
        yield from row
