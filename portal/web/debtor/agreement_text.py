"""The text of an agreement in the debtor's language: the exact HTML that is shown, hashed and signed."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import render_template
from markupsafe import Markup, escape

from portal.actions.agreements.prepare_agreement import Text
from portal.core.agreements.clauses import outline
from portal.core.money import Money
from portal.core.plans.record import plan_from_dict
from portal.store.agreements import Agreement
from portal.web.amendment_words import changed_terms
from portal.web.clauses import Clauses, load_clauses
from portal.web.format import bdi, day_text
from portal.web.language import current, languages, set_language
from portal.web.language import gettext as _
from portal.web.plan_words import milestone_steps, plan_words


def agreement_text() -> Text:
    """Give the text of an agreement in the language of this request."""
    tongue = current()
    return Text(
        language=tongue.tag,
        labels={"direction": tongue.direction, **_labels()},
        render=render_terms,
    )


def _labels() -> dict[str, str]:
    """Give the words of the printed copy; they are kept, because a worker prints it."""
    return {
        "title": _("Agreement on a payment plan"),
        "signed_by": _("Signed by"),
        "signed_at": _("Signed at"),
        "countersigned_by": _("Countersigned by certificate"),
        "fingerprint": _("Fingerprint of the terms and the text"),
        "log": _("How this was signed"),
        "when": _("When"),
        "what": _("What happened"),
        "where": _("From where"),
        "terms_hash": _("Fingerprint of the terms"),
        "text_hash": _("Fingerprint of the text"),
        "before": _("before signing"),
        "after": _("after signing"),
        "texts": _("Version of the texts"),
        "rules": _("Rules of the place"),
        "act_prepared": _("The text was frozen"),
        "act_viewed": _("You opened it"),
        "act_consented": _("You agreed to electronic papers"),
        "act_code_accepted": _("You typed the code from our message"),
        "act_signed": _("You signed with your name"),
    }


def render_terms(terms: Mapping[str, Any]) -> str:
    """Write signed terms out as one article; the same terms in the same language give the same bytes.

    The sentences are those of the version that the terms name. Raises LookupError where that version does not speak the
    language of the request.
    """
    plan = plan_from_dict(terms["plan"])
    prepared_on = date.fromisoformat(terms["prepared_on"])
    clauses = load_clauses(terms["texts"], current().tag)
    if clauses is None:
        raise LookupError(f"no clauses of {terms['texts']} in {current().tag}")
    return render_template(
        "agreement/document.html",
        terms=terms,
        plan=plan,
        words=plan_words(plan),
        milestones=milestone_steps(plan),
        parts=[_part(account, plan.currency) for account in terms["accounts"]],
        prepared_on=prepared_on,
        change_of_mind_days=int(terms["rules"]["cooling_off_days"]),
        **_amended(terms),
        tongue=current(),
        money_of=lambda minor: Money(minor, plan.currency),
        sections=outline(
            family=plan.params.family,
            inner=plan.params.inner,
            place=terms["rules"]["jurisdiction_pack"],
            has_interest=bool(plan.interest),
            has_waiver=bool(plan.waived.total),
            has_course=bool(plan.milestones),
        ),
        say=_speaker(clauses, terms),
    )


def _amended(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a later version says of the one before it."""
    amends = terms.get("amends")
    if not amends:
        return {}
    return {
        "replaced_on": date.fromisoformat(amends["signed_on"]),
        "changed_terms": changed_terms(amends["changes"], currency=terms["currency"]),
    }


def _speaker(clauses: Clauses, terms: Mapping[str, Any]) -> Callable[[str], Markup]:
    """Give the words of a clause with the terms' own figures in them, escaped."""
    rules = terms["rules"]
    counted = {
        "missed_grace": rules["grace_days"],
        "missed_move": rules["moves_per_year"],
        "mind_days": rules["cooling_off_days"],
    }
    values = {
        "day": day_text(date.fromisoformat(terms["accounts"][0]["as_of"])),
        "currency": terms["currency"],
        "count": rules["missed_before_broken"],
        "days": rules["cure_days"],
        "pack": rules["jurisdiction_pack"].upper(),
        "language": languages()[terms["language"]].name,
    }
    shown = {name: bdi(value) if isinstance(value, str) else value for name, value in values.items()}

    def say(key: str) -> Markup:
        text = clauses.say(key, {name: f"{{{name}}}" for name in shown} | {"num": counted.get(key, 0)})
        return Markup(escape(text)).format(**shown)  # noqa: S704 - escaped just before

    return say


def render_in(agreement: Agreement, tag: str) -> str | None:
    """Write an agreement's terms out in another language, to be read beside the signed one; None where that cannot be.

    It is made anew from the signed terms and binds nobody: the frozen text does.
    """
    before = current()
    try:
        set_language(languages()[tag])
        return render_terms(json.loads(agreement.terms_json))
    except LookupError:
        return None
    finally:
        set_language(before)


def _part(account: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {
        "account": account["account"],
        "brand": account["brand"],
        "as_of": date.fromisoformat(account["as_of"]),
        **{name: Money(account[name], currency) for name in ("principal", "interest", "fees", "balance")},
    }
