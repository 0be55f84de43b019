"""A lender's keys are changed while it is served: a new one seals new values, new ones sign its checkpoints."""

from dataclasses import dataclass, replace
from datetime import datetime

from portal.actions.evidence.seal_log import MakeKeys
from portal.core.actors import Actor
from portal.store import events, keys, lenders, log_keys
from portal.store.cipher import MasterKey
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class Rotated:
    """The numbers of the new data key and of the new key of digests, and the ids of the log's new keys."""

    data_key: int
    digest_key: int
    log_key_ids: tuple[str, ...]


def rotate_keys(
    work: Work, *, master_key: MasterKey, make_keys: MakeKeys, actor: Actor, now: datetime
) -> Rotated:
    """Add a data key and let new keys sign the log; retired ones verify for ever what they signed.

    Other processes seal with the new key within `work.CIPHER_SECONDS`, and open what it sealed at once. Old values are
    put under it by `reseal_rows`. The new key of look-up digests waits until every process knows it
    (`renew_digests.use_new_digests`).
    """
    with work.begin() as tx:
        lenders.lock_lender(tx)
        number = keys.next_key_id(keys.list_wrapped(tx))
        fresh = master_key.new_key(lender_id=tx.lender_id, key_id=number, purpose="seal")
        digests = master_key.new_key(lender_id=tx.lender_id, key_id=number + 1, purpose="digest")
        keys.save_key(tx, fresh, now=now)
        keys.save_key(tx, replace(digests, is_in_use=False), now=now)
        log_keys.retire_log_keys(tx, now=now)
        made = make_keys(log_keys.log_origin(tx))
        for pair in made:
            log_keys.save_log_key(
                tx, algorithm=pair.key.algorithm, public_key=pair.key.public, seed=pair.seed, now=now
            )
        ids = tuple(pair.key.key_id.hex() for pair in made)
        payload = {"data_key": number, "digest_key": number + 1, "log_key_ids": list(ids)}
        events.append(tx, type="keys.rotated", actor=actor, at=now, payload=payload)
    work.refresh_keys()
    return Rotated(data_key=number, digest_key=number + 1, log_key_ids=ids)
