"""What a lender signs with, in public: the keys of its log and of its papers, retired ones too."""

from collections.abc import Iterator

from portal.core.agreements import detached
from portal.core.evidence.checkpoint import LogKey
from portal.core.evidence.public_keys import LOG, PAPERS, PublicKey, write_public_keys
from portal.gateways.log_keys import write_pem
from portal.gateways.signatures import certified_key, quantum_key
from portal.store import lenders, log_keys, signing_keys
from portal.store.rows import known
from portal.store.work import Transaction


def publish_keys(tx: Transaction) -> bytes:
    """Return the file of every public key of the lender, the same for the same state."""
    lender = known(lenders.find_lender(tx, lender_id=tx.lender_id))
    keys = [*_of_log(tx), *_of_papers(tx)]
    return write_public_keys(lender=lender.name, origin=log_keys.log_origin(tx), keys=keys)


def _of_log(tx: Transaction) -> Iterator[PublicKey]:
    name = log_keys.log_origin(tx)
    for one in log_keys.list_log_keys(tx):
        key = LogKey(name=name, algorithm=one.algorithm, public=one.public_key)
        yield PublicKey(
            use=LOG,
            algorithm=one.algorithm,
            key_id=key.key_id.hex(),
            public=one.public_key,
            since=one.created_at,
            until=one.retired_at,
            more={"line": key.write(), "pem": write_pem(key)},
        )


def _of_papers(tx: Transaction) -> Iterator[PublicKey]:
    """Give both keys of each identity; the public half of ML-DSA-65 follows from the sealed seed."""
    for one in signing_keys.list_signing_keys(tx):
        key_id, public = quantum_key(
            signing_keys.load_secret_of(tx, signing_key_id=one.signing_key_id)["quantum_seed"]
        )
        key = LogKey(name=key_id, algorithm=detached.ALGORITHM, public=public)
        yield PublicKey(
            use=PAPERS,
            algorithm=key.algorithm,
            key_id=key_id,
            public=public,
            since=one.created_at,
            until=one.retired_at,
            more={"pem": write_pem(key)},
        )
        yield PublicKey(
            use=PAPERS,
            algorithm="ecdsa-p256-sha256",
            key_id=one.fingerprint,
            public=certified_key(one.signer_pem),
            since=one.created_at,
            until=one.retired_at,
            more={"certificate": one.signer_pem, "root": one.root_pem},
        )
