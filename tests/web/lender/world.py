"""A lender with something in every room of the console, and a member of the staff for each role."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from portal.actions.bounds.start_draft import start_draft
from portal.actions.care.ask_for_person import ask_for_person
from portal.actions.care.open_complaint import open_complaint
from portal.actions.care.open_dispute import open_dispute
from portal.actions.cases.ask_approval import ask_approval
from portal.actions.cases.propose_plan import propose_plan
from portal.actions.lenders.issue_api_key import issue_api_key
from portal.actions.refunds.ask_refund import ask_refund
from portal.actions.staff.invite_staff import invite_staff
from portal.core.actors import SYSTEM
from portal.core.negotiation.ask import Ask
from portal.store import accounts, bounds, cases, handoffs, imports, offers, sessions
from tests import build
from tests.actions.chain import Chain, a_notice
from tests.actions.payments.test_record_payment import pay, payment_of, tell
from tests.actions.payments.test_unmatched import a_step
from tests.jobs.bench import an_endpoint

ROLES = ("owner", "rules", "approver", "agent", "supervisor", "auditor")


@dataclass
class World:
    work: object
    lender: object
    now: object = build.NOW
    ids: dict = field(default_factory=dict)

    def __post_init__(self):
        build.active_bounds(self.work)
        self.endpoint_id = an_endpoint(self.work, "https://hooks.acme.com/in", patterns=["*"])
        self.debtor_id = build.a_debtor(self.work)
        self.account_id = build.an_account(
            self.work, creditor_id=self.lender.creditor_id, debtor_id=self.debtor_id
        )
        with self.work.read() as tx:
            self.account = accounts.find_account(tx, account_id=self.account_id)

    def member(self, role, *, email=None):
        """Add a member of the staff in one role; gives the id and the secrets."""
        return invite_staff(
            self.work,
            email=email or f"{role}-{secrets.token_hex(4)}@acme.example",
            full_name=f"{role.title()} Person",
            roles=[role],
            actor=SYSTEM,
            now=self.now,
        )

    def sign_in(self, client, *roles):
        """Sign a client in as staff of these roles, by a session row."""
        staff_id = self.member(roles[0]).staff_id
        with self.work.begin() as tx:
            token = sessions.start_session(
                tx, kind="staff", subject_id=staff_id, state={"roles": list(roles)}, now=self.now
            )
        with client.session_transaction() as cookie:
            cookie["visits"] = {"staff": token}
        return Console(client=client, staff_id=staff_id)

    def hand_off(self, *, ask=None, words="Please call me"):
        token = secrets.token_urlsafe(24)
        if ask is None:
            ask_for_person(
                self.work,
                debtor_id=self.debtor_id,
                account_id=self.account_id,
                words=words,
                token=token,
                now=self.now,
            )
        else:
            for _ in range(6):  # more asks than the rules answer by themselves
                propose_plan(
                    self.work,
                    account_id=self.account_id,
                    debtor_id=self.debtor_id,
                    ask=ask,
                    words=words,
                    form_token=secrets.token_urlsafe(24),
                    today=self.now.date(),
                    now=self.now,
                )
        with self.work.read() as tx:
            return handoffs.list_handoffs_of(tx, debtor_id=self.debtor_id)[0]

    def dispute(self):
        return open_dispute(
            self.work,
            debtor_id=self.debtor_id,
            account_id=self.account_id,
            reason="wrong_amount",
            words="I paid in May",
            token=secrets.token_urlsafe(24),
            now=self.now,
        ).ref

    def complaint(self):
        return open_complaint(
            self.work,
            debtor_id=self.debtor_id,
            topic="tone",
            words="The tone hurt",
            language="en",
            token=secrets.token_urlsafe(24),
            now=self.now,
        ).ref

    def payment(self):
        """Let a payment have come in, on an account of its own."""
        account = build.an_account(self.work, creditor_id=self.lender.creditor_id, debtor_id=self.debtor_id)
        chain = Chain(work=self.work, account_id=account, debtor_id=self.debtor_id)
        made = payment_of(chain, pay(chain, 5_000))
        tell(chain, a_notice(made))
        return made.payment_ref

    def waiting_offer(self):
        """Let an offer wait for a supervisor, on an account of its own."""
        account = build.an_account(self.work, creditor_id=self.lender.creditor_id, debtor_id=self.debtor_id)
        chosen = Chain(work=self.work, account_id=account, debtor_id=self.debtor_id).choose()
        with self.work.begin() as tx:
            offer = offers.find_offer(tx, offer_ref=chosen.offer_ref)
            ask_approval(
                tx, offer, cases.find_case(tx, case_id=offer.case_id), account_id=account, level="supervisor",
                asked_by="debtor", actor=SYSTEM, now=self.now,
            )  # fmt: skip
        return chosen.offer_ref

    def refund(self):
        """Let somebody have asked for a refund."""
        asked = ask_refund(
            self.work, payment_ref=self.payment(), amount_minor=1_000, reason="goodwill", by="stf_somebody",
            actor=SYSTEM, now=build.NOW,
        )  # fmt: skip
        return asked.refund_ref

    def step(self):
        """Let somebody have asked to send money back that fits nothing."""
        return a_step(self.work, now=self.now)

    def file(self):
        """Let a file of accounts have come."""
        with self.work.begin() as tx:
            import_id = tx.new_id()
            imports.start_import(
                tx, import_id=import_id, file_digest=b"", file_name="a.csv", mapping={}, now=self.now
            )
        return import_id

    def key(self):
        """Have a key to the API."""
        key = issue_api_key(self.work, label="machine", scopes=("events:read",), actor=SYSTEM, now=self.now)
        return key.api_key_id

    def draft(self, *, by=None):
        started = start_draft(
            self.work,
            currency="USD",
            source_id=self.active_version().bounds_id,
            staff_id=by or self.member("rules").staff_id,
            now=self.now,
        )
        return started.draft.bounds_id

    def active_version(self):
        with self.work.read() as tx:
            return bounds.find_active_bounds(tx, currency="USD")

    def version(self, bounds_id):
        with self.work.read() as tx:
            return bounds.find_bounds(tx, bounds_id=bounds_id)

    def event_ids(self):
        return [row.id for row in build.events_of(self.work)]


@dataclass
class Console:
    """A signed-in client that posts forms as a page does."""

    client: object
    staff_id: UUID

    def get(self, path, **more):
        return self.client.get(path, **more)

    def text(self, path):
        response = self.get(path)
        assert response.status_code == 200, response.status
        return response.get_data(as_text=True)

    def post(self, path, *, page="/lender/", headers=None, **values):
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.text(page))[1]
        data = {name.replace("__", "-"): value for name, value in values.items()}
        return self.client.post(path, data={"csrf_token": token, **data}, headers=headers)


LATER = timedelta(days=4)
ASK = Ask(pay_minor=1_500)  # below what is open to the debtor, within what an agent may agree
