"""Webhook signatures, one-time codes, Merkle proofs."""

import base64
import hashlib
from datetime import UTC, datetime

import pyotp
import stripe
import time_machine
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from portal.core.evidence.tree import leaf_hash, root, verify_consistency, verify_inclusion
from portal.gateways.webhook_signatures import sign
from tests.conformance.verdicts import Case, NotApplicableError, inputs_of

ALGORITHMS = {"SHA1": hashlib.sha1, "SHA256": hashlib.sha256, "SHA512": hashlib.sha512}


def answer_otp(case: Case) -> str:
    secret = base64.b32encode(case["secret_ascii"].encode()).decode()
    digest = ALGORITHMS.get(case["algo"])
    if digest is None:
        raise NotApplicableError(f"no algorithm {case['algo']}")
    if "counter" in case:
        return pyotp.HOTP(secret, digits=case["digits"], digest=digest).at(case["counter"])
    code = pyotp.TOTP(secret, digits=case["digits"], digest=digest, interval=case["step"])
    return code.at(datetime.fromtimestamp(case["unix_time"], UTC))


def strip_webhook(case: Case) -> Case:
    """The signature in the headers is an input of verifying."""
    return inputs_of(case)


def answer_webhook(case: Case) -> tuple[bool, str | None]:
    """Return whether the headers are valid at the case's moment, and the product's own signature."""
    with time_machine.travel(datetime.fromtimestamp(case["now"], UTC), tick=False):
        if case["scheme"] == "standard-webhooks":
            return _standard(case), _signed(case)
        if case["scheme"] == "stripe-signature":
            return _stripe(case), None
    raise NotApplicableError(f"no scheme {case['scheme']}")


def _standard(case: Case) -> bool:
    if case.get("ignore_timestamp"):
        return _signed(case) in case["headers"].get("webhook-signature", "").split(" ")
    try:
        Webhook(case["secret"]).verify(case["body"], dict(case["headers"]))
    except WebhookVerificationError:
        return False
    return True


def _signed(case: Case) -> str | None:
    headers = case["headers"]
    if "webhook-id" not in headers or not headers.get("webhook-timestamp", "").isdigit():
        return None
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    made = sign(webhook_id=headers["webhook-id"], at=at, body=case["body"].encode(), secrets=[case["secret"]])
    return made["webhook-signature"]


def _stripe(case: Case) -> bool:
    header = case["headers"].get("Stripe-Signature", "")
    tolerance = None if case.get("ignore_timestamp") else case.get("tolerance", 300)
    try:
        stripe.WebhookSignature.verify_header(case["body"], header, case["secret"], tolerance=tolerance)
    except stripe.SignatureVerificationError:
        return False
    return True


def differs_webhook(answered: tuple[bool, str | None], case: Case) -> str | None:
    is_valid, signature = answered
    if is_valid != case["valid"]:
        return f"valid {is_valid} instead of {case['valid']}"
    told = case["headers"].get("webhook-signature")
    if case["id"].startswith("stdwh/sign") and signature != told:
        return f"signature {signature} instead of {told}"
    return None


def _bytes(text: str | None) -> bytes:
    return base64.b64decode(text) if text else b""


def strip_merkle(case: Case) -> Case:
    return {
        key: value for key, value in case.items() if key not in {"valid", "reproduced", "root_hex", "desc"}
    }


def answer_merkle(case: Case) -> bool | str:
    if case["kind"] == "root":
        return root([leaf_hash(bytes.fromhex(leaf)) for leaf in case["leaves_hex"]]).hex()
    proof = [_bytes(part) for part in case.get("proof") or []]
    if case["kind"] == "inclusion":
        return verify_inclusion(
            index=case["leafIdx"],
            size=case["treeSize"],
            leaf=_bytes(case["leafHash"]),
            proof=proof,
            expected_root=_bytes(case["root"]),
        )
    if case["kind"] == "consistency":
        return verify_consistency(
            old_size=case["size1"],
            new_size=case["size2"],
            old_root=_bytes(case["root1"]),
            new_root=_bytes(case["root2"]),
            proof=proof,
        )
    raise NotApplicableError(f"no check of {case['kind']}")


def differs_merkle(answered: bool | str, case: Case) -> str | None:
    told = case["root_hex"] if case["kind"] == "root" else case["valid"]
    return None if answered == told else f"{answered} instead of {told}"
