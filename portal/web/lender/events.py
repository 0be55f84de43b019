"""The catalog of events for the lender's developers: every type, its meaning, its fields, an example."""

import json

from flask import Blueprint, Response, abort

from portal.core.events.catalog import CATALOG
from portal.core.events.documents import describe, sample_envelope
from portal.web import access
from portal.web.language import gettext as _
from portal.web.lender.desk import show
from portal.web.lender.timeline import who_words

blueprint = Blueprint("lender_events", __name__)


@blueprint.get("/lender/events")
@access.staff()
def list_types() -> Response:
    """List every type of event by noun."""
    nouns = dict.fromkeys(kind.noun for kind in CATALOG.values())
    by_noun = {noun: [kind for kind in CATALOG.values() if kind.noun == noun] for noun in nouns}
    return show("lender/events.html", by_noun=by_noun)


@blueprint.get("/lender/events/<name>")
@access.staff()
def show_type(name: str) -> Response:
    """Show one type with an example of its whole body."""
    kind = CATALOG.get(name)
    if kind is None:
        abort(404)
    required = kind.schema.get("required", ())
    return show(
        "lender/event_type.html",
        kind=kind,
        who=", ".join(who_words(one) for one in kind.actors),
        belongs=belongs_words(kind.scope),
        fields=[
            (field, describe(part), field in required) for field, part in kind.schema["properties"].items()
        ],
        example=json.dumps(sample_envelope(name), indent=2, ensure_ascii=False),
    )


def belongs_words(scope: str) -> str:
    """Say what an event belongs to."""
    return {
        "account": _("One account, counted by its sequence"),
        "debtor": _("A debtor as a whole"),
        "lender": _("You as a whole"),
        "account_or_debtor": _("One account, or a debtor as a whole"),
    }[scope]
