"""The world of the journeys: one lender with its house, and a debtor for each story."""

import itertools
from dataclasses import dataclass, field
from datetime import date

from portal.actions.lenders.add_staff import add_staff
from portal.actions.lenders.adopt_bounds import adopt_bounds
from portal.actions.lenders.create_lender import NewCreditor, create_lender
from portal.actions.links.send_link import send_link
from portal.cli.demo_guests import welcome_guests
from portal.cli.demo_secrets import PASSWORD, demo_totp
from portal.cli.seed import STAFF
from portal.core.actors import DEBTOR, SYSTEM
from portal.gateways.passwords import hash_password
from portal.store import endpoints
from tests import build
from tests.journeys.rig import SLUG

SETTINGS = {
    "brand_name": "Northwind Finance",
    "neutral_name": "Northwind",
    "phone": "+44 20 7946 0018",
    "time_zone": "Europe/London",
    "language": "en",
}
CREDITOR = NewCreditor(
    creditor_ref="tamarind", brand_name="Tamarind Card", phone="+44 20 7946 0018", country="GB"
)
_numbers = itertools.count(100)

SPEAKERS = {
    "en": {"full_name": "Maria Lopez", "country": "US", "time_zone": "America/New_York", "currency": "USD"},
    "th": {"full_name": "มานี ใจดี", "country": "TH", "time_zone": "Asia/Bangkok", "currency": "THB"},
    "ar": {"full_name": "ليلى حداد", "country": "US", "time_zone": "America/New_York", "currency": "USD"},
}
PREFIX = {"US": "+1201555", "TH": "+6681234"}


@dataclass
class Person:
    """A debtor as the story knows them."""

    rig: object
    debtor_id: object
    account_id: object
    account_ref: str
    phone: str
    full_name: str
    language: str
    born: date = date(1986, 11, 17)
    seen: list = field(default_factory=list)

    @property
    def account(self):
        return f"/me/accounts/{self.account_id}"

    def gets_a_text(self):
        """Send a link that the person asked for: no hours hold it up."""
        before = len(self.rig.texts(self.phone))
        sent = send_link(
            self.rig.work,
            debtor_id=self.debtor_id,
            now=self.rig.now(),
            sms=self.rig.services.sms,
            base_url=self.rig.settings.base_url,
            requested_by=DEBTOR,
        )
        assert sent.kind in ("sent", "gone"), sent  # the sweeper may be faster
        return self.link_in(self.rig.text(self.phone, after=before))

    @staticmethod
    def link_in(text):
        return next(word for word in text.split() if "/l/" in word)

    def hears(self, *types):
        return self.rig.hears(self.account_ref, *types)


def found_house(rig):
    """Make the lender, its bounds, staff, guests, and the endpoint of its case system."""
    now = rig.now()
    made = create_lender(
        rig.database,
        slug=SLUG,
        name="Northwind Finance",
        settings=SETTINGS,
        creditors=(CREDITOR,),
        now=now,
    )
    rig.lender_id, (rig.creditor_id,) = made.lender_id, made.creditor_ids
    with rig.work.begin() as tx:
        endpoints.insert_endpoint(
            tx,
            endpoint_id=tx.new_id(),
            url=f"{rig.urls['case_system']}/webhooks",
            patterns=["*"],
            is_ordered=True,
            secret=rig.environ["CASE_SYSTEM_SECRET"],
            private_key=None,
            now=now,
        )
    for currency in ("USD", "THB"):
        adopt_bounds(rig.work, currency=currency, actor=SYSTEM, now=now)
    hashed = hash_password(PASSWORD)
    for email, name, roles in STAFF:
        add_staff(
            rig.work,
            email=email,
            full_name=name,
            roles=roles,
            password_hash=hashed,
            totp_secret=totp_secret(rig, email),
            actor=SYSTEM,
            now=now,
        )
    welcome_guests(
        rig.database,
        password_hash=hashed,
        totp_of=lambda login: totp_secret(rig, login),
        training_secret=rig.environ["TRAINING_SECRET"],
        now=now,
    )


def totp_secret(rig, login):
    return demo_totp(rig.settings.master_key, login)


def a_person(rig, *, language="en", **account):
    """Make a debtor who speaks a language, with one account."""
    number, plain = next(_numbers), SPEAKERS[language]
    phone = f"{PREFIX[plain['country']]}{number:04}"
    debtor_id = build.a_debtor(
        rig.work,
        now=rig.now(),
        full_name=plain["full_name"],
        country=plain["country"],
        time_zone=plain["time_zone"],
        language=language,
        phone=phone,
    )
    account_ref = f"J-{number}"
    scale = 30 if plain["currency"] == "THB" else 1
    account_id = build.an_account(
        rig.work,
        creditor_id=rig.creditor_id,
        debtor_id=debtor_id,
        now=rig.now(),
        account_ref=account_ref,
        currency=plain["currency"],
        **{
            "principal_minor": 120_000 * scale,
            "interest_minor": 18_640 * scale,
            "fees_minor": 3_000 * scale,
            "original_minor": 150_000 * scale,
        }
        | account,
    )
    return Person(
        rig=rig,
        debtor_id=debtor_id,
        account_id=account_id,
        account_ref=account_ref,
        phone=phone,
        full_name=plain["full_name"],
        language=language,
    )
