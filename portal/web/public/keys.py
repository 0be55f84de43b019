"""The public keys of a lender, for whoever wants to check a signature with tools of their own."""

from flask import Blueprint, Response, abort

from portal.actions.evidence.publish_keys import publish_keys
from portal.core.evidence.public_keys import ADDRESS
from portal.store import lenders
from portal.web.access import bare
from portal.web.context import portal

blueprint = Blueprint("public_keys", __name__)

FRESH_SECONDS = 600


@blueprint.get(f"{ADDRESS}<slug>")
@bare
def give_keys(slug: str) -> Response:
    """Give every key that signs or ever signed the log and the papers of a company."""
    with portal().database.shared().read() as shared:
        lender = lenders.find_lender(shared, slug=slug)
    if lender is None:
        abort(404)
    with portal().database.work(lender.lender_id).read() as tx:
        response = Response(publish_keys(tx), mimetype="application/json")
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    return response
