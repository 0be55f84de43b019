"""The text of an agreement in the debtor's language: the exact HTML that is shown, hashed and signed."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import render_template

from portal.actions.agreements.prepare_agreement import Text
from portal.core.money import Money
from portal.core.plans.record import plan_from_dict
from portal.web.language import current
from portal.web.language import gettext as _
from portal.web.plan_words import milestone_steps, plan_words


def agreement_text() -> Text:
    """Give the text of an agreement in the language of this request."""
    tongue = current()
    return Text(
        language=tongue.tag,
        labels={
            "direction": tongue.direction,
            "title": _("Agreement on a payment plan"),
            "signed_by": _("Signed by"),
            "signed_at": _("Signed at"),
            "fingerprint": _("Fingerprint of the terms and the text"),
        },
        render=render_terms,
    )


def render_terms(terms: Mapping[str, Any]) -> str:
    """Write signed terms out as one article; the same terms in the same language give the same bytes."""
    plan = plan_from_dict(terms["plan"])
    prepared_on = date.fromisoformat(terms["prepared_on"])
    days = int(terms["rules"]["cooling_off_days"])
    return render_template(
        "agreement/document.html",
        terms=terms,
        plan=plan,
        words=plan_words(plan),
        milestones=milestone_steps(plan),
        parts=[_part(account, plan.currency) for account in terms["accounts"]],
        prepared_on=prepared_on,
        change_of_mind_days=days,
        earliest_end=prepared_on + timedelta(days=days),
        tongue=current(),
        money_of=lambda minor: Money(minor, plan.currency),
    )


def _part(account: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {
        "account": account["account"],
        "brand": account["brand"],
        "as_of": date.fromisoformat(account["as_of"]),
        **{name: Money(account[name], currency) for name in ("principal", "interest", "fees", "balance")},
    }
