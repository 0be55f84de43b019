"""What a lender signs documents with is made when it is needed first, one for all workers."""

from dataclasses import asdict
from datetime import datetime

from portal.core.actors import SYSTEM
from portal.gateways.press import Press
from portal.gateways.signatures import SigningIdentity
from portal.store import events, lenders, signing_keys
from portal.store.rows import known
from portal.store.work import Work


def signing_identity(work: Work, *, press: Press, now: datetime) -> SigningIdentity:
    """Load the identity that signs now, or make and keep one; two workers at once end with the same."""
    with work.read() as tx:
        secret = signing_keys.load_secret(tx)
    if secret is not None:
        return SigningIdentity(**secret)
    with work.begin() as tx:
        lenders.lock_lender(tx)
        secret = signing_keys.load_secret(tx)
        if secret is not None:
            return SigningIdentity(**secret)
        made = press.make_identity(known(lenders.find_lender(tx, lender_id=tx.lender_id)).name)
        key = signing_keys.save_signing_key(
            tx,
            fingerprint=made.fingerprint,
            root_pem=made.root_pem,
            signer_pem=made.signer_pem,
            secret=asdict(made),
            now=now,
        )
        events.append(
            tx,
            type="signer.created",
            actor=SYSTEM,
            at=now,
            payload={"id": str(key.signing_key_id), "fingerprint": key.fingerprint},
        )
        return made
