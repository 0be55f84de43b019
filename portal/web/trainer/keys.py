"""The school's machines: keys to the API that reach the school's courses and learners."""

from uuid import UUID

from flask import Blueprint, Response

from portal.web.access import trainer
from portal.web.guest_keys import renew_key, revoke_key, show_keys

blueprint = Blueprint("trainer_keys", __name__)


@blueprint.route("/trainer/keys", methods=["GET", "POST"])
@trainer
def list_keys() -> Response:
    """List the keys that open something; make another."""
    return show_keys()


@blueprint.post("/trainer/keys/<uuid:api_key_id>/renew")
@trainer
def renew(api_key_id: UUID) -> Response:
    """Make another key beside this one."""
    return renew_key(api_key_id)


@blueprint.post("/trainer/keys/<uuid:api_key_id>/revoke")
@trainer
def revoke(api_key_id: UUID) -> Response:
    """End a key."""
    return revoke_key(api_key_id)
