"""The log of a signature: who did what and when, with which texts, and the hashes before and after.

It goes into the signed file twice: as a table that a person reads and as JSON that a program checks.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from portal.core.agreements.terms import signature_digest, text_hash

FORMAT = "portal-signing-log/1"
ACTS = ("prepared", "viewed", "consented", "code_accepted", "signed")
"""The acts of a log in the order in which they usually happen; `consent_ended` may follow."""
LABELS = (
    "direction", "title", "signed_by", "signed_at", "countersigned_by", "fingerprint", "log", "when", "what", "where",
    "terms_hash", "text_hash", "before", "after", "rules", "texts", *(f"act_{act}" for act in ACTS),
)  # fmt: skip
"""The words of a signed copy that are kept with the agreement, because a worker that prints it has no language."""


def signing_log(
    *,
    agreement_ref: str,
    version: int,
    language: str,
    terms_json: str,
    html: str,
    hashes_before: tuple[str, str],
    text_versions: Mapping[str, Any],
    entries: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the log as JSON holds it. `hashes_before` are those of terms and text as they were frozen and shown.

    The hashes after are made anew from the bytes that go into the file, so that a change in between shows.
    """
    after = (text_hash(terms_json), text_hash(html))
    return {
        "format": FORMAT,
        "agreement": agreement_ref,
        "version": version,
        "language": language,
        "texts": text_versions.get("clauses", ""),
        "rules": text_versions.get("pack", ""),
        "before": _hashes(hashes_before),
        "after": _hashes(after),
        "entries": [dict(entry) for entry in entries],
    }


def _hashes(pair: tuple[str, str]) -> dict[str, str]:
    terms, html = pair
    return {
        "terms_sha256": terms,
        "html_sha256": html,
        "digest": signature_digest(terms_hash=terms, html_hash=html),
    }


def log_json(log: Mapping[str, Any]) -> str:
    """Return the log as the text that is attached to the signed file."""
    return json.dumps(log, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def log_rows(log: Mapping[str, Any], *, labels: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return the log as a person reads it: (time in UTC, what happened, from where), in the order of the entries."""
    return [
        (
            f"{entry['at'][:19].replace('T', ' ')} UTC",
            labels.get(f"act_{entry['act']}", entry["act"]),
            "; ".join(str(entry[name]) for name in ("address", "device", "form") if entry.get(name)),
        )
        for entry in log["entries"]
    ]


def log_facts(log: Mapping[str, Any], *, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the hashes and versions under the table, as (words, value)."""
    facts = [
        (f"{labels.get(f'{kind}_hash', kind)}, {labels.get(when, when)}", log[when][f"{name}_sha256"])
        for when in ("before", "after")
        for kind, name in (("terms", "terms"), ("text", "html"))
    ]
    return [
        *facts,
        (labels.get("texts", "texts"), log["texts"]),
        (labels.get("rules", "rules"), log["rules"]),
    ]
