"""An agreement is seen with its installments; the terms are given as they were signed, the copy as it was kept."""

import hashlib

from portal.actions.agreements.store_copy import store_copy
from tests.actions.chain import a_chain
from tests.fakes import PressFake


def test_a_signed_agreement_is_seen_with_terms_and_copy(machine, work, lender):
    chain = a_chain(work, lender)
    agreement = chain.signed()
    path = f"/agreements/{agreement.agreement_ref}"
    shown = machine.get(path)
    assert (shown.json["state"], shown.json["accounts"]) == ("active", [chain.account().account_ref])
    assert shown.json["installments"][0]["amount"]["currency"] == "USD"
    assert shown.json["copy_pdf"] is None
    assert machine.get(f"{path}/copy.pdf").status_code == 404
    terms = machine.get(f"{path}/terms.json").get_data()
    assert hashlib.sha256(terms).hexdigest() in shown.json["terms_hash"]
    store_copy(work, press=PressFake(), agreement_ref=agreement.agreement_ref, now=chain.now)
    copy = machine.get(f"{path}/copy.pdf")
    assert copy.mimetype == "application/pdf"
    assert copy.get_data().startswith(b"%PDF")
    tag = machine.get(path).headers["ETag"]
    assert machine.get(path, **{"If-None-Match": tag}).status_code == 304
    assert "Lopez" not in shown.get_data(as_text=True)


def test_an_agreement_of_nobody_is_not_there(machine):
    for tail in ("", "/terms.json", "/copy.pdf"):
        assert machine.get(f"/agreements/agr_0{tail}").status_code == 404
