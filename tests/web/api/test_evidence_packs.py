"""The evidence pack by the API: made once for a key, told, and downloaded byte for byte."""

import hashlib

from portal.core.evidence.files import verify_files
from portal.gateways.archives import read_archive
from portal.gateways.log_keys import is_signed_by
from tests import build
from tests.actions.chain import a_chain


def test_a_pack_is_made_once_for_a_key_and_is_the_file_that_was_told(machine, work, lender):
    chain = a_chain(work, lender)
    agreement = chain.signed()
    path = f"/agreements/{agreement.agreement_ref}/evidence"
    missing = machine.get(f"{path}.zip")
    assert (missing.status_code, missing.json["title"]) == (404, "There is no pack yet")
    made = machine.post(path, key="once")
    assert made.status_code == 201, made.json
    again = machine.post(path, key="once")
    assert again.json == made.json
    content = machine.get(f"{path}.zip")
    assert content.mimetype == "application/zip"
    assert hashlib.sha256(content.get_data()).hexdigest() == made.json["digest"]
    assert verify_files(read_archive(content.get_data()), check=is_signed_by).is_genuine
    told = [row.payload for row in build.events_of(work) if row.type == "data.exported"]
    assert [one["digest"] for one in told] == [made.json["digest"]]


def test_nothing_is_made_of_what_is_not_signed_or_not_there(machine, work, lender):
    chain = a_chain(work, lender)
    prepared = chain.prepare(chain.choose().offer_ref).agreement
    refused = machine.post(f"/agreements/{prepared.agreement_ref}/evidence")
    assert (refused.status_code, refused.json["title"]) == (409, "Nothing is signed yet")
    assert machine.post("/agreements/agr_0/evidence").status_code == 404
    assert machine.get("/agreements/agr_0/evidence.zip").status_code == 404
