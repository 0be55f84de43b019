"""The counselor's own machines: keys to the API that reach the counselor's own clients."""

from uuid import UUID

from flask import Blueprint, Response

from portal.web.access import counselor
from portal.web.guest_keys import renew_key, revoke_key, show_keys

blueprint = Blueprint("counselor_keys", __name__)


@blueprint.route("/counselor/keys", methods=["GET", "POST"])
@counselor
def list_keys() -> Response:
    """List the keys that open something; make another."""
    return show_keys()


@blueprint.post("/counselor/keys/<uuid:api_key_id>/renew")
@counselor
def renew(api_key_id: UUID) -> Response:
    """Make another key beside this one."""
    return renew_key(api_key_id)


@blueprint.post("/counselor/keys/<uuid:api_key_id>/revoke")
@counselor
def revoke(api_key_id: UUID) -> Response:
    """End a key."""
    return revoke_key(api_key_id)
