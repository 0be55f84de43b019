"""The audit row of an answer: what it was decided from, in hashes, so that it can be replayed byte by byte."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from portal.core.bounds.model import Bounds
from portal.core.negotiation.ask import Ask
from portal.core.negotiation.facts import Facts, facts_hash
from portal.core.negotiation.model import Model
from portal.core.negotiation.policy import PolicySet
from portal.core.plans.canonical import digest

ENGINE = "engine 4"


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit:
    """One decision, private to the lender. `menu` are plan ids in the order shown; `hash` covers all the rest."""

    facts_hash: str
    bounds_hash: str
    engine: str
    model: str
    n_candidates: int
    n_policy: int
    policy_root: str
    menu: tuple[str, ...]
    ask: str
    answer: str
    prev_hash: str = ""
    hash: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the row as a JSON document."""
        return {**asdict(self), "menu": list(self.menu)}


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: dataclasses as objects, dates as text, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {k: plain(v) for k, v in asdict(value).items()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


@lru_cache(maxsize=64)
def bounds_hash(bounds: Bounds) -> str:
    """Return the SHA-256 of a version of the bounds, in hex."""
    return digest(plain(bounds))


def audit_of(
    *,
    facts: Facts,
    bounds: Bounds,
    model: Model,
    policy: PolicySet | None,
    ask: Ask | None,
    kind: str,
    menu: tuple[str, ...],
) -> Audit:
    """Return the audit row of one answer; `chained` puts it behind the case's last row."""
    row = Audit(
        facts_hash=facts_hash(facts),
        bounds_hash=bounds_hash(bounds),
        engine=ENGINE,
        model=model.model_id,
        n_candidates=policy.considered if policy else 0,
        n_policy=len(policy.plans) if policy else 0,
        policy_root=policy.root if policy else "",
        menu=menu,
        ask=digest(plain(ask)) if ask else "",
        answer=kind,
    )
    return chained(row, "")


def chained(row: Audit, prev_hash: str) -> Audit:
    """Return the row behind another one of the same case: `prev_hash` set and the hash made over all the rest."""
    body = {**row.to_dict(), "prev_hash": prev_hash, "hash": ""}
    return Audit(**{**body, "menu": tuple(body["menu"]), "hash": digest(body)})
