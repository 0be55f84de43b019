"""A whole letter as data: who writes to whom about what, the blocks in their order, and the hashes that name it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from portal.core.letters.blocks import Block, day, head, say, text_ids, words
from portal.core.plans.canonical import canonical_json

FORMAT = "portal-letter/1"
TEXTS_VERSION = "2026-11-24"
"""The version of the letters' texts (a folder of translations/letters); a changed sentence is a new version."""
KINDS = (
    "receipt", "statement", "payoff_quote", "paid_in_full", "settled", "milestone", "validation_notice", "itemization",
)  # fmt: skip
ON_DEMAND = ("statement", "payoff_quote")
"""Kinds that a debtor may ask for at any time."""
CLOSING = ("paid_in_full", "settled")
_FRAME_TEXTS = ("reference", "about_account", "check")
_PASSING = ("letter", "made_on")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """Who writes: name and address as the law asks for them, how to reach them, and who watches over them.

    `collects_for_others`: a collector of other people's claims. `is_law_firm`: § 43d BRAO applies instead of § 13a RDG.
    """

    name: str
    address: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    web: str = ""
    authority: tuple[str, ...] = ()
    collects_for_others: bool = False
    is_law_firm: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the sender as it stands in a letter."""
        return {
            "name": self.name,
            "address": list(self.address),
            "reach": [one for one in (self.phone, self.email, self.web) if one],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Creditor:
    """To whom the money is owed: the brand that the debtor knows, the full name and the address."""

    brand: str
    name: str
    address: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What every letter has: its number, language and day, the parties, the account and its place's rules.

    `place` is the ISO country of the debtor, `pack` the reference of its rules; `check_at` is where anybody may ask
    whether the letter is genuine; `recalls` the number and day of the first letter, which later ones in France name.
    """

    letter_ref: str
    language: str
    made_on: date
    sender: Sender
    creditor: Creditor
    debtor_ref: str
    debtor_name: str
    account_ref: str
    currency: str
    opened_on: date
    place: str
    pack: str
    check_at: str
    recalls: tuple[str, date] | None = None


def compose(frame: Frame, *, kind: str, title: str, blocks: Sequence[Block]) -> dict[str, Any]:
    """Return a letter as it is kept, hashed and written out in any language. Raises ValueError for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no letter")
    return {
        "format": FORMAT,
        "letter": frame.letter_ref,
        "kind": kind,
        "language": frame.language,
        "texts": TEXTS_VERSION,
        "made_on": frame.made_on.isoformat(),
        "pack": frame.pack,
        "sender": frame.sender.to_dict(),
        "creditor": {"name": frame.creditor.brand},
        "debtor": {"ref": frame.debtor_ref, "name": frame.debtor_name},
        "account": frame.account_ref,
        "check": frame.check_at,
        "title": title,
        "blocks": [*_recall(frame, kind), *blocks, *_collector(frame)],
    }


def _recall(frame: Frame, kind: str) -> tuple[Block, ...]:
    """Return what a later letter names in France: the first one's number and day (art. R124-4 CPCE, last sentence)."""
    if frame.recalls is None or frame.place != "FR" or kind == "itemization":
        return ()
    number, on = frame.recalls
    return (say("fr_recall", number=words(number), day=day(on)),)


def _collector(frame: Frame) -> tuple[Block, ...]:
    """Return what a collector says of itself on every letter in the US (15 USC 1692e(11), 12 CFR 1006.18(e))."""
    if frame.place != "US" or not frame.sender.collects_for_others:
        return ()
    return (say("us_collector", creditor=words(frame.creditor.brand)),)


def written(letter: Mapping[str, Any]) -> str:
    """Return the canonical JSON of a letter (RFC 8785): the bytes that are hashed and kept."""
    return canonical_json(letter)


def facts_hash(letter: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a letter says, without its number and its day: equal for the same letter again."""
    said = {name: value for name, value in letter.items() if name not in _PASSING}
    return sha256(canonical_json(said).encode()).hexdigest()


def asked_texts(letter: Mapping[str, Any]) -> frozenset[str]:
    """Return every text id that writing a letter out asks for."""
    return frozenset({letter["title"], *_FRAME_TEXTS, *text_ids(letter["blocks"])})


def signature_lines(frame: Frame) -> tuple[Block, ...]:
    """Return how a letter that confirms something ends: who stands for it, and that it is worth keeping."""
    return (head("keep_head"), say("keep", sender=words(frame.sender.name)))
