"""The catalog of events for the lender's developers: every type, its meaning, its fields, an example."""

import json

from flask import Blueprint, Response, abort, request

from portal.core.events.catalog import CATALOG
from portal.core.events.documents import describe, sample_envelope
from portal.core.events.envelope import write_event_id
from portal.core.events.shapes import EventType
from portal.core.typed import clean
from portal.store import event_pages, lenders
from portal.web import access
from portal.web.context import work
from portal.web.language import gettext as _
from portal.web.lender.deliveries import body_of
from portal.web.lender.desk import show
from portal.web.lender.timeline import who_words

blueprint = Blueprint("lender_events", __name__)
WORDS_MAX = 120


@blueprint.get("/lender/events")
@access.staff()
def list_types() -> Response:
    """List every type of event by noun, or those whose name, meaning or fields hold the words that were typed."""
    words = clean(request.args.get("q", ""))[:WORDS_MAX]
    found = [kind for kind in CATALOG.values() if _fits(kind, words.casefold().split())]
    nouns = dict.fromkeys(kind.noun for kind in found)
    by_noun = {noun: [kind for kind in found if kind.noun == noun] for noun in nouns}
    return show("lender/events.html", by_noun=by_noun, words=words, count=len(found))


def _fits(kind: EventType, words: list[str]) -> bool:
    text = " ".join((kind.name, kind.meaning, *kind.schema["properties"])).casefold()
    return all(word in text for word in words)


@blueprint.get("/lender/events/<name>")
@access.staff()
def show_type(name: str) -> Response:
    """Show one type with its fields, and a body: the lender's own latest event of it, or else an example."""
    kind = CATALOG.get(name)
    if kind is None:
        abort(404)
    with work().read() as tx:
        latest = event_pages.find_latest(tx, type_=name)
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
    required = kind.schema.get("required", ())
    return show(
        "lender/event_type.html",
        kind=kind,
        who=", ".join(who_words(one) for one in kind.actors),
        belongs=belongs_words(kind.scope),
        fields=[
            (field, describe(part), field in required) for field, part in kind.schema["properties"].items()
        ],
        latest=latest,
        latest_id=write_event_id(latest.id) if latest else "",
        example=body_of(latest, lender=lender.slug)
        if latest and lender
        else json.dumps(sample_envelope(name), indent=2, ensure_ascii=False),
    )


def belongs_words(scope: str) -> str:
    """Say what an event belongs to."""
    return {
        "account": _("One account, counted by its sequence"),
        "debtor": _("A debtor as a whole"),
        "lender": _("You as a whole"),
        "account_or_debtor": _("One account, or a debtor as a whole"),
    }[scope]
