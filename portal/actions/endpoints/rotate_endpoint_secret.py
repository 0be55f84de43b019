"""Staff or an API key gives a receiver a new secret; the old one goes on for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes
from uuid import UUID

from portal.actions.endpoints.save_endpoint import tell_change
from portal.core.actors import Actor
from portal.core.events.envelope import write_time
from portal.gateways.webhook_signatures import SECRET_BYTES, write_secret
from portal.store import endpoints
from portal.store.work import Work

OVERLAP = timedelta(hours=24)
OVERLAP_MAX = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class SecretRotated:
    """What became of it: `rotated` with the new secret, shown once, or `unknown`."""

    kind: str
    secret: str | None = None
    old_until: datetime | None = None


def rotate_endpoint_secret(
    work: Work, *, endpoint_id: UUID, actor: Actor, now: datetime, overlap: timedelta = OVERLAP
) -> SecretRotated:
    """Give a receiver a new secret; for `overlap` (at most a week) both sign, so no delivery is refused meanwhile.

    Tells `endpoint.changed`.
    """
    old_until = now + min(max(overlap, timedelta(0)), OVERLAP_MAX)
    with work.begin() as tx:
        if endpoints.find_endpoint(tx, endpoint_id) is None:
            return SecretRotated(kind="unknown")
        secret = write_secret(token_bytes(SECRET_BYTES))
        endpoints.rotate_secret(tx, endpoint_id=endpoint_id, secret=secret, previous_until=old_until)
        told = write_time(old_until)
        tell_change(tx, endpoint_id, ["secret"], actor=actor, now=now, old_secret_until=told)
        return SecretRotated(kind="rotated", secret=secret, old_until=old_until)
