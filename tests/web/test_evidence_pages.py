"""The pack by the pages of those who may have it, and the verifier in a real browser without a network."""

import io
import re
import secrets
from datetime import timedelta

import pytest
from playwright.sync_api import expect, sync_playwright

from portal.core.evidence.files import verify_files
from portal.gateways.archives import read_archive, write_archive
from portal.gateways.log_keys import is_signed_by
from portal.store import debtors, log_keys
from tests import build
from tests.actions.chain import Chain
from tests.guests import a_client, a_counselor
from tests.web.test_in_browser import CHROMIUM, FLAGS


@pytest.fixture
def debtor_id(work):
    build.active_bounds(work)
    return build.a_debtor(work, full_name="Zyxwina Canarybird", language="th")


@pytest.fixture
def account_id(work, lender, debtor_id):
    return build.an_account(work, creditor_id=lender.creditor_id, debtor_id=debtor_id)


@pytest.fixture
def agreement(work, account_id, debtor_id):
    return Chain(work=work, account_id=account_id, debtor_id=debtor_id).signed()


def make(client, path, page):
    """Press the button on a page; gives the pack that comes."""
    body = client.get(page).get_data(as_text=True)
    assert f'action="{path}"' in body
    data = {
        "csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', body)[1],
        "form_token": secrets.token_urlsafe(24),
    }
    answer = client.post(path, data=data)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    got = client.get(answer.location)
    assert got.status_code == 200
    assert got.mimetype == "application/zip"
    assert ".zip" in got.headers["Content-Disposition"]
    return got.data


def genuine(work, content):
    with work.read() as tx:
        keys = log_keys.list_public_keys(tx)
    files = read_archive(content)
    assert verify_files(files, check=is_signed_by, trusted=keys).faults == ()
    return files


@pytest.fixture
def pack(signed_in, work, agreement, debtor_id):
    client = signed_in("debtor", subject_id=debtor_id).client
    return make(client, f"/me/agreements/{agreement.agreement_ref}/evidence", "/me/papers")


def test_the_debtor_gets_it_in_their_language_and_that_of_the_text(work, pack):
    files = genuine(work, pack)
    assert {"index.html", "index.th.html", "verify.html", "messages.json"} <= set(files)
    assert '<html lang="en"' in files["index.html"].decode()
    assert '<html lang="th"' in files["index.th.html"].decode()
    assert "Evidence of an agreement" in files["index.html"].decode()
    for name in ("index.html", "verify.html"):
        assert not re.search(r'(src|href)="(https?:)?//', files[name].decode()), "nothing from outside"


def test_staff_get_it_and_it_is_told(signed_in, work, agreement, account_id):
    client = signed_in("staff", roles=["auditor"]).client
    path = f"/lender/accounts/{account_id}"
    genuine(work, make(client, f"{path}/evidence", path))
    told = [row for row in build.events_of(work) if row.type == "data.exported"]
    assert [row.payload["kind"] for row in told] == ["evidence_pack"]
    agent = signed_in("staff", roles=["agent"]).client
    assert f"{path}/evidence" not in agent.get(path).get_data(as_text=True)


def test_a_counselor_gets_it_with_consent_and_without_the_words(
    signed_in, work, database, lender, agreement, account_id, debtor_id
):
    counselor = a_counselor(database)
    grant_ref = a_client(database, work, counselor, debtor_id)
    client = signed_in("counselor", subject_id=counselor.guest_id).client
    page = f"/counselor/clients/{lender.slug}/{grant_ref}"
    files = genuine(work, make(client, f"{page}/accounts/{account_id}/evidence", page))
    assert "messages.json" not in files


def test_another_debtors_agreement_does_not_exist(signed_in, work, agreement):
    stranger = build.a_debtor(work)
    with work.read() as tx:
        assert debtors.find_debtor(tx, debtor_id=stranger)
    client = signed_in("debtor", subject_id=stranger).client
    token = re.search(
        r'name="csrf_token" value="([^"]+)"', client.get("/me/settings").get_data(as_text=True)
    )[1]
    data = {"csrf_token": token, "form_token": secrets.token_urlsafe(24)}
    assert client.post(f"/me/agreements/{agreement.agreement_ref}/evidence", data=data).status_code == 404


def test_the_check_page_knows_it(client, token_of, pack, clock):
    clock.move(timedelta(minutes=1))

    def ask(content):
        data = {
            "csrf_token": token_of(client.get("/check?l=en")),
            "file": (io.BytesIO(content), "evidence.zip"),
        }
        page = client.post("/check", data=data, content_type="multipart/form-data").get_data(as_text=True)
        return re.search(r"<h1>(.*?)</h1>", page)[1]

    assert ask(pack) == "Genuine"
    files = read_archive(pack)
    assert (
        ask(write_archive(files | {"custody.json": files["custody.json"].replace(b"1", b"2", 1)}))
        == "Altered"
    )
    assert ask(pack[:-1]) == "Altered"


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_verifier_says_genuine_and_names_what_was_altered_without_a_network(pack, tmp_path):
    files = read_archive(pack)
    (tmp_path / "verify.html").write_bytes(files["verify.html"])
    (tmp_path / "good.zip").write_bytes(pack)
    changed = {
        "terms": next(path for path in files if path.endswith("terms.json")),
        "log": "log/events.json",
        "head": "log/checkpoint.txt",
        "ledger": next(path for path in files if path.endswith("ledger.json")),
    }
    for name, path in changed.items():
        body = bytearray(files[path])
        body[len(body) // 2] ^= 1
        (tmp_path / f"{name}.zip").write_bytes(write_archive(files | {path: bytes(body)}))
    (tmp_path / "odd.zip").write_bytes(b"PK nothing")
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(offline=True).new_page()
        page.goto(f"file://{tmp_path}/verify.html")
        main = page.locator("main")

        def ask(name):
            page.evaluate("document.querySelector('#answer').textContent = ''")
            page.set_input_files("#file", tmp_path / f"{name}.zip")
            expect(page.locator("#answer")).not_to_have_text("")
            return page.inner_text("#answer"), page.locator("#told li").all_inner_texts()

        said, told = ask("good")
        assert said == main.get_attribute("data-genuine"), told
        assert any("Ed25519" in line for line in told)
        for name, path in changed.items():
            said, told = ask(name)
            assert said == main.get_attribute("data-altered"), name
            assert path in told
        assert ask("odd")[0] == main.get_attribute("data-unknown")
        browser.close()
