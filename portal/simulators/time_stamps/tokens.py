"""RFC 3161 on the wire: a query in, an answer out, whatever comes."""

import secrets
from datetime import datetime
from hashlib import new as new_hash

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding

from portal.simulators.time_stamps.authority import Authority

POLICY = "1.3.6.1.4.1.99999.3161"
HASHES = {"sha256": 32, "sha384": 48, "sha512": 64}


class Rejection(core.Sequence):
    """A TimeStampResp without its token, which RFC 3161 leaves out of a rejection."""

    _fields = [("status", tsp.PKIStatusInfo)]  # noqa: RUF012 - asn1crypto's way to declare


class RefusedError(ValueError):
    """A query that gets no stamp; `failure` is RFC 3161's word for it."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


def answer(raw: bytes, *, authority: Authority, at: datetime) -> bytes:
    """Answer a query in DER: with a stamp of the time `at`, or with a rejection and its reason."""
    try:
        return _granted(_read(raw), authority=authority, at=at).dump()
    except RefusedError as refused:
        status = tsp.PKIStatusInfo(
            {"status": "rejection", "fail_info": tsp.PKIFailureInfo({refused.failure})}
        )
        return Rejection({"status": status}).dump()


def _read(raw: bytes) -> tsp.TimeStampReq:
    try:
        query = tsp.TimeStampReq.load(raw, strict=True)
        imprint = query["message_imprint"]
        name, digest = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
        version, policy, wanted = (
            query["version"].native,
            query["req_policy"].native,
            query["extensions"].native,
        )
    except (ValueError, TypeError, KeyError) as problem:
        raise RefusedError("bad_data_format") from problem
    if version != "v1" or wanted:
        raise RefusedError("unaccepted_extensions" if wanted else "bad_request")
    if name not in HASHES:
        raise RefusedError("bad_alg")
    if len(digest) != HASHES[name]:
        raise RefusedError("bad_data_format")
    if policy not in (None, POLICY):
        raise RefusedError("unaccepted_policy")
    return query


def _granted(query: tsp.TimeStampReq, *, authority: Authority, at: datetime) -> tsp.TimeStampResp:
    told = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": query["message_imprint"],
        "serial_number": secrets.randbits(120),
        "gen_time": at.replace(microsecond=0),
        "accuracy": {"seconds": 1},
    }
    if query["nonce"].native is not None:
        told["nonce"] = query["nonce"]
    info = tsp.TSTInfo(told).dump()
    token = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": _signed(info, authority, at=at, with_certificates=bool(query["cert_req"].native)),
        }
    )
    return tsp.TimeStampResp({"status": tsp.PKIStatusInfo({"status": "granted"}), "time_stamp_token": token})


def _signed(info: bytes, authority: Authority, *, at: datetime, with_certificates: bool) -> cms.SignedData:
    stamper, root = (
        asn1_x509.Certificate.load(one.public_bytes(Encoding.DER))
        for one in (authority.stamper, authority.root)
    )
    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    attributes = cms.CMSAttributes(
        [
            _attribute("content_type", "tst_info"),
            _attribute("signing_time", cms.Time({"utc_time": core.UTCTime(at.replace(microsecond=0))})),
            _attribute("message_digest", new_hash("sha256", info).digest()),
            _attribute("signing_certificate_v2", _certificate_id(stamper)),
        ]
    )
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": stamper.issuer, "serial_number": stamper.serial_number}
                    )
                }
            ),
            "digest_algorithm": sha256,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
            "signed_attrs": attributes,
            "signature": authority.key.sign(attributes.dump(), PKCS1v15(), hashes.SHA256()),
        }
    )
    content = {
        "version": "v3",
        "digest_algorithms": [sha256],
        "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(info)},
        "signer_infos": [signer],
    }
    if with_certificates:
        content["certificates"] = [stamper, root]
    return cms.SignedData(content)


def _attribute(name: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": name, "values": [value]})


def _certificate_id(stamper: asn1_x509.Certificate) -> tsp.SigningCertificateV2:
    known = tsp.ESSCertIDv2(
        {
            "hash_algorithm": {"algorithm": "sha256"},
            "cert_hash": stamper.sha256,
            "issuer_serial": {
                "issuer": [asn1_x509.GeneralName(name="directory_name", value=stamper.issuer)],
                "serial_number": stamper.serial_number,
            },
        }
    )
    return tsp.SigningCertificateV2({"certs": [known]})
