from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.core.bounds.schema import BoundsError, Problem, parse_bounds
from portal.store import bounds
from portal.store.bounds import BoundsVersion
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class DraftEdited:
    """What became of it: edited, unknown, not_a_draft, or refused with everything that is wrong."""

    kind: str
    problems: tuple[Problem, ...] = ()


def edit_draft(work: Work, *, bounds_id: UUID, body: Mapping[str, Any], staff_id: UUID) -> DraftEdited:
    """Replace the document of a draft; a version that was sent for approval never changes.

    The document keeps the version's own name, number and currency; whoever edited it cannot approve it.
    """
    with work.begin() as tx:
        version = bounds.lock_bounds(tx, bounds_id=bounds_id)
        if version is None:
            return DraftEdited(kind="unknown")
        if version.state != "draft":
            return DraftEdited(kind="not_a_draft")
        document = own_document(version, body)
        try:
            parse_bounds(document)
        except BoundsError as error:
            return DraftEdited(kind="refused", problems=error.problems)
        bounds.save_body(tx, bounds_id=bounds_id, body=document)
        review = dict(version.review or {})
        review["editors"] = sorted({*review.get("editors", []), str(staff_id)})
        bounds.save_review(tx, bounds_id=bounds_id, review=review)
    return DraftEdited(kind="edited")


def own_document(version: BoundsVersion, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give the document under the version's own name, number and currency, whatever was typed there."""
    return {**body, "bounds_id": version.name, "version": version.version, "currency": version.currency}


def discard_draft(work: Work, *, bounds_id: UUID, now: datetime) -> bool:
    """Put a draft away for good; False when it is no draft any more."""
    with work.begin() as tx:
        version = bounds.lock_bounds(tx, bounds_id=bounds_id)
        if version is None or version.state != "draft":
            return False
        return bounds.move_bounds(tx, bounds_id=bounds_id, before="draft", after="retired", now=now)
