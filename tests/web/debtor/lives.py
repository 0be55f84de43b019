"""One person with one or two debts, and what a random life does to them over the wire."""

import http.client
import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit

from sqlalchemy import func, select

from portal.actions.payments.record_payment import record_payment
from portal.actions.payments.settle_unknown import settle_unknown
from portal.actions.refunds.ask_refund import ask_refund
from portal.actions.refunds.decide_refund import decide_refund
from portal.actions.refunds.send_refund import send_refund
from portal.core.actors import staff_actor
from portal.core.fx import deal_of
from portal.core.statements import DEBT_BOOKS
from portal.simulators.stripe.app import DEFAULT_KEY
from portal.simulators.stripe.posting import body_of, sign
from portal.store import agreements, inbox, payments, sessions
from portal.store.tables.payments import ledger_entries
from tests import build
from tests.actions.chain import Chain
from tests.gateways.stripe_bench import SECRET
from tests.web.debtor.walk import Walk

CARDS = ("4242424242424242",) * 4 + ("4000000000000002",)
WITH_MONEY = ("succeeded", "disputed", "refunded", "returned")


class Going:
    """A clock that goes, from the moment of the builders on."""

    def __init__(self):
        self._ahead = build.NOW - datetime.now(UTC)

    def now(self):
        return datetime.now(UTC) + self._ahead


class Browser:
    """A browser without JavaScript on one connection: what a `Walk` needs, over the wire."""

    def __init__(self, url, cookie):
        self._line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        self._cookie = cookie

    def get(self, path):
        return self._ask("GET", path)

    def post(self, path, data):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(data), headers)

    def close(self):
        self._line.close()

    def _ask(self, method, path, body=None, headers=None):
        headers = {"Cookie": self._cookie, **(headers or {})}
        self._line.request(method, path, body=body, headers=headers)
        answer = self._line.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name == "Set-Cookie" and value.startswith("portal="):
                self._cookie = value.partition(";")[0]
        return SimpleNamespace(
            status_code=answer.status,
            location=answer.getheader("Location", ""),
            get_data=lambda **_as_text: text,
        )


class Life:
    """One person with one or two debts, and what a random life does to them."""

    def __init__(self, house, seed):
        self.house, self.dice, self.work = house, random.Random(seed), house.work
        debtor_id = build.a_debtor(self.work)
        self.debts = [
            Chain(work=self.work, account_id=self._account(debtor_id, creditor_id), debtor_id=debtor_id)
            for creditor_id in house.creditors[: self.dice.choice([1, 1, 2])]
        ]
        self.first = {one.account_id: one.account().balance_minor for one in self.debts}
        self.plans = {one.account_id: one.signed() for one in self.debts if self.dice.random() < 0.7}
        self.browser = Browser(house.url, self._signed_in(debtor_id))
        self.walk = Walk(self.browser)

    def _account(self, debtor_id, creditor_id):
        parts = {f"{part}_minor": self.dice.choice([0, 1, 4_999, 120_000]) for part in ("interest", "fees")}
        principal = self.dice.choice([5_001, 120_000, 250_000])
        return build.an_account(
            self.work, creditor_id=creditor_id, debtor_id=debtor_id, principal_minor=principal, **parts
        )

    def _signed_in(self, debtor_id):
        with self.work.begin() as tx:
            token = sessions.start_session(
                tx, kind="debtor", subject_id=debtor_id, state={}, now=self.house.clock.now()
            )
        signer = self.house.app.session_interface.get_signing_serializer(self.house.app)
        return "portal=" + signer.dumps({"visits": {"debtor": token}})

    def live(self):
        steps = (self.pay, self.pay, self.pay, self.move, self.refund, self.dispute, self.hear, self.pause)
        for _ in range(self.dice.randint(3, 7)):
            self.dice.choice(steps)(self.dice.choice(self.debts))
        self.hear(None, all_of_it=True)
        settle_unknown(
            self.work, gateway=self.house.gateway, now=self.house.clock.now() + timedelta(minutes=6)
        )
        self.hear(None, all_of_it=True)
        self.browser.close()

    def pay(self, debt):
        """Choose an amount and a currency; then pay on the provider's page, be declined there, or leave."""
        path = f"/me/accounts/{debt.account_id}/pay"
        self.walk.go(path)
        offered = [one.get("value") for one in self.walk.tree.iter("input") if one.get("name") == "which"]
        if not offered:
            return
        wish = {"which": self.dice.choice(offered), "currency": self.dice.choice(["USD", "USD", "EUR"])}
        wish["amount"] = str(self.dice.randint(1, 60)) if wish["which"] == "part" else ""
        if any(one.get("name") == "again" for one in self.walk.tree.iter("input")):
            wish["again"] = "y"
        self.walk.submit(action="/pay", **wish)
        if self.walk.path.endswith("/price") and self.walk.page.status_code == 200:
            self.walk.submit(action="/price")
        assert self.walk.page.status_code < 500, self.walk.page.status_code
        if self.walk.page.location.startswith(self.house.bench.url) and self.dice.random() < 0.85:
            session = self.walk.page.location.rpartition("/")[2].partition("?")[0]
            with suppress(HTTPError):  # a card that is declined answers 402, and the page stays open
                self.house.bench.control("pay", session=session, card=self.dice.choice(CARDS))

    def move(self, debt):
        """Plan anew: move the next payment, or spread it."""
        if debt.account_id not in self.plans:
            return
        rows = self._rows(debt)
        row = next((one for one in rows if one.left_minor), None)
        if row is None:
            return
        self.walk.go(f"/me/accounts/{debt.account_id}/payments/{row.number}")
        forms = [
            one.get("action") for one in self.walk.forms() if one.get("action").endswith(("/move", "/split"))
        ]
        if forms:
            days = [one.get("value") for one in self.walk.tree.iter("input") if one.get("name") == "day"]
            self.walk.submit(action=self.dice.choice(forms), day=self.dice.choice(days or [""]))
            assert self.walk.page.status_code < 500

    def refund(self, debt):
        """Two people send a part of a payment back, which the provider may fail to do."""
        paid = [one for one in self._payments(debt) if one.state == "succeeded"]
        if not paid:
            return
        payment, now = self.dice.choice(paid), self.house.clock.now()
        left = payment.amount_minor - payment.refunded_minor - payment.returned_minor
        asked = ask_refund(
            self.work, payment_ref=payment.payment_ref, amount_minor=self.dice.randint(1, left), reason="goodwill",
            by="stf_a", actor=staff_actor("stf_a"), now=now,
        )  # fmt: skip
        if asked.kind != "asked":
            return
        decide_refund(
            self.work,
            refund_ref=asked.refund_ref,
            decision="approved",
            by="stf_b",
            actor=staff_actor("stf_b"),
            now=now,
        )
        send_refund(self.work, refund_id=asked.refund_id, gateway=self.house.gateway, now=now)

    def dispute(self, debt):
        """The bank asks about a payment, and may take it back."""
        paid = [one for one in self._payments(debt) if one.state == "succeeded" and not one.refunded_minor]
        if not paid:
            return
        opened = self.house.bench.control("dispute", payment_intent=self.dice.choice(paid).gateway_ref)
        if self.dice.random() < 0.7:
            outcome = self.dice.choice(["won", "lost"])
            self.house.bench.control("close_dispute", dispute=opened["id"], outcome=outcome)

    def pause(self, debt):
        if self.dice.random() < 0.2:
            self.walk.go(f"/me/accounts/{debt.account_id}/pause")
            if self.walk.forms():
                self.walk.submit(action="/pause")

    def hear(self, _debt, *, all_of_it=False):
        """Post what the provider told: late, in any order, some twice; then let the worker apply what was kept."""
        told = self.house.told
        count = len(told) if all_of_it else self.dice.randint(0, len(told))
        now = [told.pop(self.dice.randrange(len(told))) for _ in range(count)]
        for event in [*now, *(self.dice.sample(now, k=min(1, len(now))))]:
            body = body_of(event)
            header = sign(body, SECRET, int(self.house.clock.now().timestamp()))
            line = http.client.HTTPConnection(urlsplit(self.house.url).netloc, timeout=30)
            line.request(
                "POST", f"/hooks/stripe/{self.house.lender.slug}", body, {"Stripe-Signature": header}
            )
            assert line.getresponse().status == 200
            line.close()
        with self.work.read() as tx:
            kept = inbox.list_kept(tx, limit=1_000)
        for source, outside_id in kept:
            record_payment(self.work, source=source, outside_id=outside_id, now=self.house.clock.now())

    def _payments(self, debt):
        with self.work.read() as tx:
            return payments.list_payments(tx, account_id=debt.account_id, limit=1_000)

    def _rows(self, debt):
        with self.work.read() as tx:
            return agreements.list_installments(tx, agreement_id=self.plans[debt.account_id].agreement_id)

    def wrongs(self):
        """What the books say against what the provider and the first balance say."""
        return [fault for debt in self.debts for fault in self._wrongs_of(debt)]

    def _wrongs_of(self, debt):
        found = []
        books = self._books(debt)
        by_currency = Counter()
        for (_book, currency), minor in books.items():
            by_currency[currency] += minor
        if any(by_currency.values()):
            found.append(f"the ledger does not sum to zero: {by_currency}")
        owed = self.first[debt.account_id] + sum(
            minor for (book, _), minor in books.items() if book in DEBT_BOOKS
        )
        if debt.account().balance_minor != owed or owed < 0:
            found.append(f"owed {debt.account().balance_minor}, by the books {owed}")
        placed = Counter()
        for payment in self._payments(debt):
            found += self._against_provider(payment)
            placed.update(dict(map(tuple, (payment.allocation or {}).get("installments", []))))
        if debt.account_id in self.plans:
            found += [
                f"payment {row.number} has {row.paid_minor} of {placed[row.number]}"
                for row in self._rows(debt)
                if row.paid_minor != placed[row.number] and row.state != "waived"
            ]
        return found

    def _against_provider(self, payment):
        intent = self.house.bench.provider.world.own(DEFAULT_KEY).find(payment.gateway_ref or "")
        charge = intent and self.house.bench.provider.world.own(DEFAULT_KEY).find(
            intent["latest_charge"] or ""
        )
        stays = payment.amount_minor - payment.refunded_minor - payment.returned_minor
        if not charge or charge["status"] != "succeeded":
            return [f"{payment.state} without a charge"] if payment.state in WITH_MONEY else []
        if payment.state not in WITH_MONEY:
            return [f"charged, but {payment.state}"]
        kept = charge["amount"] - charge["amount_refunded"] - self._lost(charge)
        deal = deal_of(payment.quote)
        exact = deal.settles(kept) if deal else kept
        # each refund in another currency is rounded once: a unit of the debt's currency each
        slack = len((payment.facts or {}).get("refunds", {})) if deal else 0
        return [] if abs(stays - exact) <= slack else [f"{stays} stays, the provider kept {exact}"]

    def _lost(self, charge):
        vault = self.house.bench.provider.world.own(DEFAULT_KEY)
        return sum(
            one["amount"]
            for one in vault.all("dispute")
            if one["charge"] == charge["id"] and one["status"] == "lost"
        )

    def _books(self, debt):
        with self.work.read() as tx:
            rows = tx.execute(
                select(
                    ledger_entries.c.book, ledger_entries.c.currency,
                    func.sum(ledger_entries.c.amount_minor).label("minor"),
                )
                .where(
                    ledger_entries.c.lender_id == tx.lender_id, ledger_entries.c.account_id == debt.account_id
                )
                .group_by(ledger_entries.c.book, ledger_entries.c.currency)
            )  # fmt: skip
            return {(row.book, row.currency): int(row.minor) for row in rows}
