"""Pay by itself: what exactly would be taken, the consent, each debit with its stop and its move, and the end of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template
from wtforms import BooleanField, HiddenField

from portal.actions.mandates.begin_mandate import Consent, SetupPage, begin_mandate, offered_terms
from portal.actions.mandates.change_debit import move_debit, stop_debit
from portal.actions.mandates.end_mandate import end_mandate
from portal.actions.payments.record_mandate import record_setup
from portal.core.mandates import MandateTerms, can_change
from portal.core.money import Money
from portal.core.payment_methods import METHODS, offered, picked_for
from portal.core.payments import PageWish, PaymentState
from portal.store import accounts, debtors, lenders, mandates
from portal.store.accounts import Account
from portal.store.mandates import Debit, Mandate
from portal.store.rows import known
from portal.web.access import debtor
from portal.web.context import portal, visitor, work
from portal.web.debtor.today import today_of_visitor
from portal.web.format import day_text
from portal.web.forms import CountField, Form, PickOne, Ticked, posted_token
from portal.web.htmx import see_other
from portal.web.language import current
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l

blueprint = Blueprint("debtor_autopay", __name__)
DAYS_SHOWN = 14


class AllowForm(Form):
    """The consent: an unticked box, the terms that were shown, the payday where it is told."""

    shown = HiddenField()
    payday = CountField(_l("On which day of the month are you paid? You need not say"), least=1, most=31)
    allows = BooleanField(
        _l("I allow these payments to be taken as it says here."),
        [Ticked(_l("Please tick the box if you want this. You can stop it any time"))],
    )


class MoveForm(Form):
    """Another day for one debit."""

    day = PickOne(_l("Another day"))


@dataclass(frozen=True, kw_only=True)
class PlannedDebit:
    """One debit that was told, with what can still be done about it."""

    debit: Debit
    amount: Money
    can_change: bool
    form: MoveForm

    @property
    def last_change_on(self) -> date:
        """The last day on which it can be stopped or moved."""
        return self.debit.debit_on - timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Autopay:
    """All that the page shows."""

    account: Account
    terms: MandateTerms | None
    mandate: Mandate | None
    debits: list[PlannedDebit]

    @property
    def highest(self) -> Money | None:
        """The largest single debit that the terms allow."""
        return Money(self.terms.highest_minor, self.terms.currency) if self.terms else None

    @property
    def total(self) -> Money | None:
        """All debits together."""
        return Money(self.terms.total_minor, self.terms.currency) if self.terms else None

    @property
    def method_label(self) -> str:
        """Name the way to pay that is kept."""
        name = self.mandate.method if self.mandate else None
        return METHODS[name].label if name in METHODS else ""


@blueprint.route("/me/accounts/<uuid:account_id>/autopay", methods=["GET", "POST"])
@debtor
def autopay(account_id: UUID) -> Response:
    """Show what would be taken; take the consent; lead to the provider's page that keeps the way to pay."""
    form = AllowForm()
    shown = load_autopay(account_id, payday=form.payday.data if form.is_submitted() else None)
    if form.validate_on_submit() and shown.terms is not None:
        if form.shown.data == _shown_digest(account_id):
            return _go(shown, form)
        form.allows.errors = [_("The payments have changed meanwhile. Please read them again")]
    return _page(shown, form)


def load_autopay(account_id: UUID, *, payday: int | None = None) -> Autopay:
    """Load the visitor's own account with its terms, its mandate and the debits that were told."""
    today = today_of_visitor(portal().clock.now())
    with work().read() as tx:
        account = accounts.find_account(tx, account_id=account_id)
        if account is None or account.debtor_id != visitor().subject_id:
            abort(404)
        person = known(debtors.find_debtor(tx, debtor_id=account.debtor_id))
        offer = offered_terms(tx, account=account, debtor=person, today=today, payday=payday)
        agreement_id = offer[0].agreement_id if offer else None
        mandate = mandates.find_active_mandate(tx, agreement_id=agreement_id) if agreement_id else None
        told = mandates.list_debits(tx, agreement_id=agreement_id) if agreement_id else []
    return Autopay(
        account=account,
        terms=offer[1] if offer else None,
        mandate=mandate,
        debits=[_planned(one, account.currency, today) for one in told if one.state in {"told", "stopped"}],
    )


def _planned(debit: Debit, currency: str, today: date) -> PlannedDebit:
    form = MoveForm(formdata=None)
    days = (today + timedelta(days=step) for step in range(1, DAYS_SHOWN + 1))
    form.day.offer((day.isoformat(), day_text(day)) for day in days if day != debit.debit_on)
    is_open = debit.state == "told" and can_change(debit_on=debit.debit_on, today=today)
    return PlannedDebit(
        debit=debit, amount=Money(debit.amount_minor, currency), can_change=is_open, form=form
    )


def _shown_digest(account_id: UUID) -> str:
    """Give the hash of the terms as the page shows them: before a payday is told."""
    terms = load_autopay(account_id).terms
    return terms.digest if terms else ""


def _page(shown: Autopay, form: AllowForm, *, status: int | None = None) -> Response:
    page = render_template(
        "debtor/autopay.html",
        auto=shown,
        form=form,
        shown_hash=_shown_digest(shown.account.account_id),
        path=f"/me/accounts/{shown.account.account_id}",
    )
    return make_response(page, status or (422 if form.has_errors else 200))


def _go(shown: Autopay, form: AllowForm) -> Response:
    services = portal()
    base = services.settings.base_url.rstrip("/")
    path = f"/me/accounts/{shown.account.account_id}"
    if services.stripe is None or shown.terms is None:
        return make_response(render_template("debtor/no_page.html", path=path, reason="trouble"), 503)
    done = begin_mandate(
        work(),
        account_id=shown.account.account_id,
        debtor_id=visitor().subject_id,
        consent=Consent(terms_hash=shown.terms.digest, language=current().tag, payday=form.payday.data),
        gateway=services.stripe,
        page_for=lambda ref: PageWish(
            success_url=f"{base}/me/autopay/{ref}",
            cancel_url=f"{base}{path}/autopay",
            language=current().tag,
            methods=_methods(shown),
        ),
        form_token=posted_token(),
        today=today_of_visitor(services.clock.now()),
        now=services.clock.now(),
    )
    if isinstance(done, SetupPage):
        return see_other(done.url)
    status = 503 if done.reason == "trouble" else 409
    return make_response(render_template("debtor/no_page.html", path=path, reason=done.reason), status)


def _methods(shown: Autopay) -> tuple[str, ...]:
    """Give what the lender picked and what can be debited later; where it picked nothing, the provider offers it."""
    with work().read() as tx:
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
        person = known(debtors.find_debtor(tx, debtor_id=shown.account.debtor_id))
    picked = picked_for(lender.settings if lender else {}, person.country)
    if not picked:
        return ()
    least = Money(1, shown.account.currency)
    return offered(amount=least, country=person.country, picked=picked, for_later=True)


@blueprint.get("/me/autopay/<mandate_ref>")
@debtor
def show_mandate(mandate_ref: str) -> Response:
    """Say whether the way to pay is kept; the way back from the provider's page."""
    mandate = _own_mandate(mandate_ref)
    page = render_template(
        "debtor/autopay_done.html",
        mandate=mandate,
        path=f"/me/accounts/{mandate.account_id}",
        label=METHODS[mandate.method].label if mandate.method in METHODS else "",
    )
    return make_response(page)


@blueprint.post("/me/autopay/<mandate_ref>/check")
@debtor
def check_mandate(mandate_ref: str) -> Response:
    """Ask the provider whether the way to pay is kept, and record its answer."""
    mandate = _own_mandate(mandate_ref)
    gateway = portal().stripe
    if gateway is not None and mandate.state == "asked" and mandate.setup_ref:
        state = gateway.find_payment(session_ref=mandate.setup_ref)
        if isinstance(state, PaymentState):
            record_setup(work(), mandate_id=mandate.mandate_id, state=state, now=portal().clock.now())
    return see_other(f"/me/autopay/{mandate_ref}")


@blueprint.post("/me/autopay/<mandate_ref>/end")
@debtor
def end(mandate_ref: str) -> Response:
    """Stop all debits at once."""
    mandate = _own_mandate(mandate_ref)
    end_mandate(
        work(),
        mandate_ref=mandate_ref,
        debtor_id=visitor().subject_id,
        gateway=portal().stripe,
        now=portal().clock.now(),
    )
    return see_other(f"/me/accounts/{mandate.account_id}/autopay")


@blueprint.post("/me/debits/<uuid:debit_id>/stop")
@debtor
def stop(debit_id: UUID) -> Response:
    """Stop one debit."""
    debit = _own_debit(debit_id)
    now = portal().clock.now()
    stop_debit(
        work(), debit_id=debit_id, debtor_id=visitor().subject_id, today=today_of_visitor(now), now=now
    )
    return see_other(f"/me/accounts/{debit.account_id}/autopay")


@blueprint.post("/me/debits/<uuid:debit_id>/move")
@debtor
def move(debit_id: UUID) -> Response:
    """Move one debit to another day; a day that is too late is explained with the last one that is not."""
    debit = _own_debit(debit_id)
    now = portal().clock.now()
    today = today_of_visitor(now)
    shown = load_autopay(debit.account_id)
    form = MoveForm()
    form.day.offer((day, day) for day in _days(today))
    if not form.validate():
        return _page(shown, AllowForm(formdata=None), status=422)
    done = move_debit(
        work(),
        debit_id=debit_id,
        debtor_id=visitor().subject_id,
        day=date.fromisoformat(form.day.data),
        today=today,
        now=now,
    )
    if done.window is None:
        return see_other(f"/me/accounts/{debit.account_id}/autopay")
    allow = AllowForm(formdata=None)
    allow.allows.errors = [_("It can be taken on %(day)s at the latest", day=day_text(done.window[1]))]
    return _page(shown, allow, status=422)


def _days(today: date) -> list[str]:
    return [(today + timedelta(days=step)).isoformat() for step in range(1, DAYS_SHOWN + 1)]


def _own_mandate(mandate_ref: str) -> Mandate:
    with work().read() as tx:
        mandate = mandates.find_mandate(tx, mandate_ref=mandate_ref)
    if mandate is None or mandate.debtor_id != visitor().subject_id:
        abort(404)
    return mandate


def _own_debit(debit_id: UUID) -> Debit:
    with work().read() as tx:
        debit = mandates.find_debit(tx, debit_id=debit_id)
        mandate = mandates.find_mandate(tx, mandate_id=debit.mandate_id) if debit else None
    if debit is None or mandate is None or mandate.debtor_id != visitor().subject_id:
        abort(404)
    return debit
