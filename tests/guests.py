"""Guests of the house for tests: a counselor of an agency, a trainer of a provider with a course, a learner."""

import secrets
from dataclasses import dataclass
from functools import cache
from uuid import UUID

import pyotp

from portal.actions.grants.offer_grant import offer_grant
from portal.actions.grants.take_grant import take_grant
from portal.core.plans.record import plan_from_dict
from portal.gateways.passwords import hash_password
from portal.store import enrollments, guests, offers
from tests import build
from tests.actions.chain import a_chain

PASSWORD = "correct horse battery staple"
SECRET = "whsec_dHJhaW5pbmctcHJvdmlkZXItdGVzdC1zZWNyZXQtMDE="


@cache
def _hashed():
    return hash_password(PASSWORD)


@dataclass(frozen=True)
class Guest:
    guest_id: UUID
    house_id: UUID
    login: str
    totp_secret: str
    slug: str = ""
    course_ref: str = ""

    def code(self, at):
        return pyotp.TOTP(self.totp_secret).at(at)


def _a_guest(tx, *, audience, house_id, name, now):
    login, secret = f"{secrets.token_hex(6)}@guest.example", pyotp.random_base32()
    guest_id = guests.save_guest(
        tx,
        audience=audience,
        house_id=house_id,
        login=login,
        display_name=name,
        password_hash=_hashed(),
        totp_secret=secret,
        now=now,
    )
    return {"guest_id": guest_id, "house_id": house_id, "login": login, "totp_secret": secret}


def a_counselor(database, *, house_id=None, name="Hanna Berg", now=build.NOW):
    with database.shared().begin() as tx:
        house_id = house_id or guests.save_agency(tx, name="Open Door Advice", country="US", now=now)
        return Guest(**_a_guest(tx, audience="counselor", house_id=house_id, name=name, now=now))


def a_trainer(database, *, now=build.NOW):
    slug = f"school-{secrets.token_hex(5)}"
    with database.shared().begin() as tx:
        house_id = guests.save_provider(tx, slug=slug, name="Eastside Works", webhook_secret=SECRET, now=now)
        guests.save_course(
            tx,
            provider_id=house_id,
            course_ref=f"{slug}-forklift",
            titles={"en": "Drive a forklift", "es": "Conducir una carretilla"},
            details={"months": 3, "hours": 60, "place": "Eastside", "cost_minor": 0, "seats": 12},
            languages=["en", "es"],
            countries=["*"],
            now=now,
        )
        built = _a_guest(tx, audience="trainer", house_id=house_id, name="Sam Okafor", now=now)
    return Guest(slug=slug, course_ref=f"{slug}-forklift", **built)


@dataclass
class Learner:
    """A debtor with a signed plan with training."""

    chain: object
    agreement: object
    enrollment: object
    plan: object

    @property
    def work(self):
        return self.chain.work

    @property
    def code(self):
        return self.enrollment.enrollment_code

    def steps(self):
        with self.work.read() as tx:
            return enrollments.list_milestones(tx, enrollment_id=self.enrollment.enrollment_id)

    def state(self):
        with self.work.read() as tx:
            return enrollments.find_enrollment(tx, enrollment_id=self.enrollment.enrollment_id).state

    def worth(self, *kinds):
        return sum(one.worth for one in self.plan.milestones if one.kind in kinds)


def a_learner(work, lender, trainer, **wish):
    chain = a_chain(work, lender)
    chosen = chain.choose(family="skills", course=trainer.course_ref, course_months=3, **wish)
    with work.read() as tx:
        plan = plan_from_dict(offers.find_offer(tx, offer_ref=chosen.offer_ref).plan)
    agreement = chain.prepare(chosen.offer_ref).agreement
    chain.sign(agreement)
    with work.read() as tx:
        enrollment = enrollments.find_enrollment(tx, agreement_id=agreement.agreement_id)
    return Learner(chain=chain, agreement=agreement, enrollment=enrollment, plan=plan)


def a_client(
    database, work, counselor, debtor_id, *, scopes=("view", "budget", "propose"), days=90, now=build.NOW
):
    """Let a counselor take a debtor as a client; gives the grant's reference."""
    offered = offer_grant(
        work, debtor_id=debtor_id, scopes=scopes, days=days, form_token=secrets.token_urlsafe(24), now=now
    )
    taken = take_grant(
        database, counselor_id=counselor.guest_id, agency_id=counselor.house_id, code=offered.code, now=now
    )
    return taken.grant_ref
