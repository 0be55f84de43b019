"""The factory of the web app: parts in, one Flask app out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.web import (
    access,
    addresses,
    assets,
    brake,
    context,
    errors,
    format,  # noqa: A004
    forms,
    health,
    htmx,
    language,
    opening_hours,
    security,
)
from portal.web.api import explorer, openapi
from portal.web.context import Services
from portal.web.counselor import caseload as counselor_caseload
from portal.web.counselor import client as counselor_client
from portal.web.counselor import evidence as counselor_evidence
from portal.web.counselor import keys as counselor_keys
from portal.web.counselor import letters as counselor_letters
from portal.web.counselor import proposals as counselor_proposals
from portal.web.debtor import accounts as debtor_accounts
from portal.web.debtor import agreements as debtor_agreements
from portal.web.debtor import asks as debtor_asks
from portal.web.debtor import autopay as debtor_autopay
from portal.web.debtor import beside as debtor_beside
from portal.web.debtor import budgets as debtor_budgets
from portal.web.debtor import calendars as debtor_calendars
from portal.web.debtor import circumstances as debtor_circumstances
from portal.web.debtor import courses as debtor_courses
from portal.web.debtor import disputes as debtor_disputes
from portal.web.debtor import evidence as debtor_evidence
from portal.web.debtor import gifts as debtor_gifts
from portal.web.debtor import help as debtor_help
from portal.web.debtor import helpers as debtor_helpers
from portal.web.debtor import histories as debtor_histories
from portal.web.debtor import home as debtor_home
from portal.web.debtor import identity as debtor_identity
from portal.web.debtor import landing as debtor_landing
from portal.web.debtor import letters as debtor_letters
from portal.web.debtor import offers as debtor_offers
from portal.web.debtor import papers as debtor_papers
from portal.web.debtor import pay_prices as debtor_pay_prices
from portal.web.debtor import payments as debtor_payments
from portal.web.debtor import plan_changes as debtor_plan_changes
from portal.web.debtor import plan_terms as debtor_plan_terms
from portal.web.debtor import plans as debtor_plans
from portal.web.debtor import receipts as debtor_receipts
from portal.web.debtor import record_consent as debtor_record_consent
from portal.web.debtor import settings as debtor_settings
from portal.web.debtor import signing_code as debtor_signing_code
from portal.web.hooks import qr as hooks_qr
from portal.web.hooks import sms as hooks_sms
from portal.web.hooks import stripe as hooks_stripe
from portal.web.hooks import training as hooks_training
from portal.web.lender import account as lender_account
from portal.web.lender import account_acts as lender_account_acts
from portal.web.lender import accounts as lender_accounts
from portal.web.lender import approvals as lender_approvals
from portal.web.lender import books as lender_books
from portal.web.lender import bounds as lender_bounds
from portal.web.lender import bounds_editor as lender_bounds_editor
from portal.web.lender import cases as lender_cases
from portal.web.lender import creditors as lender_creditors
from portal.web.lender import deliveries as lender_deliveries
from portal.web.lender import events as lender_events
from portal.web.lender import evidence as lender_evidence
from portal.web.lender import home as lender_home
from portal.web.lender import imports as lender_imports
from portal.web.lender import inbox as lender_inbox
from portal.web.lender import keys as lender_keys
from portal.web.lender import letters as lender_letters
from portal.web.lender import payments as lender_payments
from portal.web.lender import people as lender_people
from portal.web.lender import reconciliation as lender_reconciliation
from portal.web.lender import refunds as lender_refunds
from portal.web.lender import retention as lender_retention
from portal.web.lender import sign_in as lender_sign_in
from portal.web.lender import unmatched as lender_unmatched
from portal.web.lender import webhooks as lender_webhooks
from portal.web.public import check, gallery, gifts, keys, pages
from portal.web.spoken import SpokenEnvironment
from portal.web.trainer import keys as trainer_keys
from portal.web.trainer import learners as trainer_learners

ROOT = Path(__file__).parents[2]

#: Every blueprint of the product; a route file is in use when it is named here.
BLUEPRINTS = (
    health.blueprint,
    pages.blueprint,
    check.blueprint,
    keys.blueprint,
    debtor_landing.blueprint,
    debtor_identity.blueprint,
    debtor_accounts.blueprint,
    debtor_help.blueprint,
    debtor_circumstances.blueprint,
    debtor_disputes.blueprint,
    debtor_settings.blueprint,
    debtor_home.blueprint,
    debtor_plan_changes.blueprint,
    debtor_plan_terms.blueprint,
    debtor_calendars.blueprint,
    debtor_histories.blueprint,
    debtor_plans.blueprint,
    debtor_offers.blueprint,
    debtor_asks.blueprint,
    debtor_budgets.blueprint,
    debtor_agreements.blueprint,
    debtor_beside.blueprint,
    debtor_record_consent.blueprint,
    debtor_signing_code.blueprint,
    debtor_evidence.blueprint,
    debtor_payments.blueprint,
    debtor_letters.blueprint,
    debtor_papers.blueprint,
    debtor_pay_prices.blueprint,
    debtor_receipts.blueprint,
    debtor_autopay.blueprint,
    debtor_gifts.blueprint,
    gifts.blueprint,
    debtor_helpers.blueprint,
    debtor_courses.blueprint,
    counselor_caseload.blueprint,
    counselor_client.blueprint,
    counselor_proposals.blueprint,
    counselor_evidence.blueprint,
    counselor_letters.blueprint,
    counselor_keys.blueprint,
    trainer_learners.blueprint,
    trainer_keys.blueprint,
    lender_sign_in.blueprint,
    lender_home.blueprint,
    lender_accounts.blueprint,
    lender_account.blueprint,
    lender_account_acts.blueprint,
    lender_evidence.blueprint,
    lender_letters.blueprint,
    lender_cases.blueprint,
    lender_approvals.blueprint,
    lender_inbox.blueprint,
    lender_books.blueprint,
    lender_creditors.blueprint,
    lender_reconciliation.blueprint,
    lender_bounds.blueprint,
    lender_bounds_editor.blueprint,
    lender_payments.blueprint,
    lender_imports.blueprint,
    lender_keys.blueprint,
    lender_refunds.blueprint,
    lender_unmatched.blueprint,
    lender_webhooks.blueprint,
    lender_deliveries.blueprint,
    lender_events.blueprint,
    lender_people.blueprint,
    lender_retention.blueprint,
    hooks_stripe.blueprint,
    hooks_qr.blueprint,
    hooks_sms.blueprint,
    hooks_training.blueprint,
    *openapi.BLUEPRINTS,
    explorer.blueprint,
)
#: Pages that exist in the demo and in tests only.
DEMO_BLUEPRINTS = (gallery.blueprint,)


class Portal(Flask):
    """Flask with templates compiled once for each language."""

    jinja_environment = SpokenEnvironment

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Take every view and hook as it is: none is a coroutine."""
        return func


class MisassembledError(RuntimeError):
    """The app was put together in a way that could leave a door open."""


def create_app(services: Services) -> Flask:
    """Make the app; raises MisassembledError when an endpoint is in no access group."""
    app = Portal("portal", template_folder=str(ROOT / "templates"), static_folder=None)
    app.extensions["portal"] = services
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    addresses.configure(app)
    health.configure(app)
    security.configure(app, services.settings)
    language.configure(app)
    htmx.configure(app)
    assets.configure(app)
    format.configure(app)
    forms.configure(app)
    opening_hours.configure(app)
    errors.configure(app)
    context.configure(app)
    access.configure(app)
    brake.configure(app)
    for blueprint in BLUEPRINTS + (() if services.settings.is_production else DEMO_BLUEPRINTS):
        app.register_blueprint(blueprint)
    if names := access.unmarked(app):
        raise MisassembledError(f"endpoints in no access group: {', '.join(names)}")
    if services.settings.proxies:
        hops = services.settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app
