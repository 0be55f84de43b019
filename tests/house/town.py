"""A whole town: one lender with something behind every kind of id, and visitors who own none of it."""

import re
import secrets
from datetime import timedelta
from functools import cached_property

from portal.actions.agreements.store_copy import store_copy
from portal.actions.bounds.count_plans import count_plans
from portal.actions.bounds.request_approval import request_approval
from portal.actions.cases.propose_plan import propose_plan
from portal.actions.evidence.build_pack import Pages
from portal.actions.evidence.export_pack import export_pack
from portal.actions.gifts.make_gift import make_gift
from portal.actions.guests.issue_guest_key import issue_guest_key
from portal.actions.lenders.issue_api_key import issue_api_key
from portal.actions.letters.gather import Wish as LetterWish
from portal.actions.letters.issue_letter import Asked, issue_letter
from portal.actions.letters.print_letter import print_letter
from portal.actions.mandates.announce_debits import announce_debits
from portal.actions.payments.start_payment import Wish, start_payment
from portal.actions.proposals.propose_for_client import Counselor, propose_for_client
from portal.actions.refunds.ask_refund import ask_refund
from portal.core.actors import SYSTEM
from portal.core.bounds.schema import parse_bounds
from portal.core.events.envelope import write_event_id
from portal.core.money import Money
from portal.core.negotiation.ask import Ask
from portal.core.payments import PageWish
from portal.core.scopes import GUEST_SCOPES, SCOPES
from portal.gateways.log_keys import make_key_pairs
from portal.store import documents, enrollments, gifts, guest_sessions, imports, mandates, payments, sessions
from tests import build
from tests.actions.chain import Chain, PageGateway, a_notice
from tests.actions.mandates.rig import Debits, a_mandate
from tests.actions.payments.test_record_payment import pay, tell
from tests.fakes import PressFake
from tests.guests import a_client, a_counselor, a_trainer
from tests.web.lender.world import World

ROLES = ["owner", "rules", "approver", "agent", "supervisor", "auditor"]


class Town:
    """One lender's world with an id of every kind; `ids` maps the arguments of routes to them."""

    def __init__(self, database, *, now=build.NOW):
        self.database, self.now = database, now
        self.lender = build.a_lender(database)
        self.work = database.work(self.lender.lender_id)
        self.world = World(work=self.work, lender=self.lender)
        self.debtor_id, self.open_account = self.world.debtor_id, self.world.account_id
        self.counselor, self.trainer = a_counselor(database), a_trainer(database)
        self.signed, self.waiting = self._chain(), self._chain()
        self.ids = self._debtor_ids() | self._desk_ids() | self._guest_ids() | self._api_ids()

    def _chain(self):
        account = build.an_account(self.work, creditor_id=self.lender.creditor_id, debtor_id=self.debtor_id)
        return Chain(work=self.work, account_id=account, debtor_id=self.debtor_id)

    def _debtor_ids(self):
        wish = {"family": "skills", "course": self.trainer.course_ref, "course_months": 3}
        self.agreement = self.signed.signed(**wish)
        named = {"agreement_ref": self.agreement.agreement_ref, "now": self.now}
        store_copy(self.work, press=PressFake(), **named)
        offer_ref = self.waiting.choose().offer_ref
        self.prepared = self.waiting.prepare(offer_ref).agreement
        asked = propose_plan(
            self.work,
            account_id=self.waiting.account_id,
            debtor_id=self.debtor_id,
            ask=Ask(pay_minor=1_000),
            words=None,
            form_token=secrets.token_urlsafe(24),
            today=self.now.date(),
            now=self.now,
        )
        with self.work.read() as tx:
            document = documents.list_documents(tx, debtor_id=self.debtor_id)[0]
        self._pack()
        return {
            "account_id": self.open_account,
            "agreement_ref": self.agreement.agreement_ref,
            "offer_ref": offer_ref,
            "ask_id": asked.ask_id,
            "document_ref": document.document_ref,
            "payment_ref": self._payment(),
            "letter_ref": self._letter(),
            "number": 1,
            **self._autopay(),
            "gift_id": self._gift(),
        }

    def _payment(self):
        start_payment(
            self.work,
            wish=Wish(
                account_id=self.signed.account_id,
                amount=Money(5_000, "USD"),
                purpose="amount",
            ),
            debtor_id=self.debtor_id,
            gateway=PageGateway(),
            page_for=lambda _ref: PageWish(
                language="en", success_url="http://localhost/", cancel_url="http://localhost/"
            ),
            form_token=secrets.token_urlsafe(24),
            now=self.now,
        )
        with self.work.read() as tx:
            return payments.list_payments(tx, account_id=self.signed.account_id)[0].payment_ref

    def _pack(self):
        """Let the evidence of the agreement have been taken out once."""
        export_pack(
            self.work,
            agreement_ref=self.agreement.agreement_ref,
            debtor_id=None,
            actor=SYSTEM,
            pages=Pages(index=lambda _cover: {}, verifier=b""),
            has_words=True,
            make_keys=make_key_pairs,
            form_token=secrets.token_urlsafe(24),
            now=self.now,
        )

    def _letter(self):
        done = issue_letter(
            self.work,
            wish=LetterWish(kind="statement", account_id=self.waiting.account_id),
            asked=Asked(by=SYSTEM, base_url="http://localhost", is_printed=False),
            now=self.now,
        )
        print_letter(self.work, letter_ref=done.letter.letter_ref, press=PressFake(), now=self.now)
        return done.letter.letter_ref

    def _refund(self):
        account = build.an_account(self.work, creditor_id=self.lender.creditor_id, debtor_id=self.debtor_id)
        paid = pay(Chain(work=self.work, account_id=account, debtor_id=self.debtor_id), 5_000)
        with self.work.read() as tx:
            payment = payments.find_payment(tx, payment_ref=paid.payment_ref)
        tell(Chain(work=self.work, account_id=account, debtor_id=self.debtor_id), a_notice(payment))
        asked = ask_refund(
            self.work,
            payment_ref=payment.payment_ref,
            amount_minor=1_000,
            reason="goodwill",
            by="stf_somebody",
            actor=SYSTEM,
            now=self.now,
        )
        return asked.refund_ref

    def _gift(self):
        make_gift(
            self.work,
            account_id=self.open_account,
            debtor_id=self.debtor_id,
            amount=Money(1_000, "USD"),
            form_token=secrets.token_urlsafe(24),
            now=self.now,
        )
        with self.work.read() as tx:
            return gifts.list_open_gifts(tx, account_id=self.open_account, now=self.now)[0].gift_id

    def _autopay(self):
        gateway = Debits()
        mandate = a_mandate(self.signed, gateway)
        announce_debits(
            self.work,
            mandate_id=mandate.mandate_id,
            base_url="http://localhost",
            now=self.now + timedelta(days=27),
        )
        with self.work.read() as tx:
            told = mandates.list_debits(tx, agreement_id=mandate.agreement_id)
        return {"mandate_ref": mandate.mandate_ref, "debit_id": told[0].debit_id}

    def _desk_ids(self):
        return {
            "handoff_id": self.world.hand_off().handoff_id,
            "handoff_ref": self.world.hand_off().handoff_ref,
            "complaint_ref": self.world.complaint(),
            "dispute_ref": self.world.dispute(),
            "bounds_id": self.world.draft(),
            "approval_ref": self._approval(),
            "staff_id": self.world.member("agent").staff_id,
            "endpoint_id": self.world.endpoint_id,
            "api_key_id": self.world.key(),
            "creditor_id": self.lender.creditor_id,
            "event_id": self.world.event_ids()[-1],
            "event": write_event_id(self.world.event_ids()[-1]),
            "refund_ref": self._refund(),
            "step_ref": self.world.step(),
        }

    def _approval(self):
        bounds_id, who = self.world.draft(), self.world.member("rules").staff_id
        counted = count_plans(
            self.work,
            draft=parse_bounds(self.world.version(bounds_id).body),
            today=self.now.date(),
            now=self.now,
        )
        request_approval(
            self.work, bounds_id=bounds_id, counted=counted, staff_id=who, actor=SYSTEM, now=self.now
        )
        return self.world.version(bounds_id).review["approval"]

    def _guest_ids(self):
        grant_ref = a_client(self.database, self.work, self.counselor, self.debtor_id)
        proposed = propose_for_client(
            self.work,
            counselor=Counselor(counselor_id=self.counselor.guest_id, agency_id=self.counselor.house_id),
            grant_ref=grant_ref,
            account_id=self.waiting.account_id,
            ask=Ask(pay_minor=15_000, freq="monthly"),
            course=None,
            words=None,
            form_token=secrets.token_urlsafe(24),
            today=self.now.date(),
            now=self.now,
        )
        with self.work.read() as tx:
            enrollment = enrollments.find_enrollment(tx, agreement_id=self.agreement.agreement_id)
        return {
            "slug": self.lender.slug,
            "grant_ref": grant_ref,
            "client": f"{self.lender.slug}.{grant_ref}",
            "proposal_ref": proposed.proposal_ref,
            "code": enrollment.enrollment_code,
            "kind": "attended",
        }

    def _api_ids(self):
        with self.work.begin() as tx:
            import_id = tx.new_id()
            imports.start_import(
                tx, import_id=import_id, file_digest=b"town", file_name="a.csv", mapping={}, now=self.now
            )
        return {"ref": self.world.account.account_ref, "id": import_id, "import_id": import_id}

    @cached_property
    def api_key(self):
        return issue_api_key(self.work, label="town", scopes=tuple(SCOPES), actor=SYSTEM, now=self.now).secret

    def guest_key(self, audience, guest=None):
        """Make a key for a machine of the town's counselor or school, or of another guest."""
        guest = guest or {"counselor": self.counselor, "trainer": self.trainer}[audience]
        made = issue_guest_key(
            self.database,
            audience=audience,
            house_id=guest.house_id,
            guest_id=guest.guest_id,
            label="town",
            scopes=tuple(GUEST_SCOPES[audience]),
            now=self.now,
        )
        return made.secret

    # ---- visitors

    def a_stranger(self):
        """Make another debtor of the same lender, with an account of their own."""
        debtor_id = build.a_debtor(self.work)
        build.an_account(self.work, creditor_id=self.lender.creditor_id, debtor_id=debtor_id)
        return debtor_id

    def visitor(self, app, kind, subject_id, **state):
        """Give a client signed in as one party."""
        if kind in ("counselor", "trainer"):
            with self.database.shared().begin() as shared:
                token = guest_sessions.start_guest_session(
                    shared, kind=kind, subject_id=subject_id, state=state, now=self.now
                )
        else:
            with self.work.begin() as tx:
                token = sessions.start_session(
                    tx, kind=kind, subject_id=subject_id, state=state, now=self.now
                )
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["visits"] = {kind: token}
        return client

    def staff(self, app, *roles):
        return self.visitor(app, "staff", self.world.member("owner").staff_id, roles=list(roles) or ROLES)


#: A page of each party that holds a form, where the CSRF token of a visit is read.
FORM_PAGES = {
    "debtor": "/me/settings", "staff": "/lender/password", "counselor": "/counselor/add", "trainer": "/trainer/",
    "public": "/language",
}  # fmt: skip


def csrf_of(client, group):
    page = client.get(FORM_PAGES[group]).get_data(as_text=True)
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
