"""Is this paper genuine? Anybody may ask, by its code or by the file itself; nothing is kept and nobody is named."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import LazyString
from werkzeug.datastructures import FileStorage

from portal.actions.evidence.check_paper import Answer, check_code, check_upload
from portal.core.evidence.papers import read_code
from portal.gateways.log_keys import is_signed_by
from portal.gateways.uploads import FILE_BYTES_MAX, read_upload
from portal.web.access import public
from portal.web.brake import Brake
from portal.web.context import portal
from portal.web.forms import Form, Required, TextField
from portal.web.language import gettext
from portal.web.language import lazy_gettext as _l
from portal.web.letter_words import LETTERS

blueprint = Blueprint("public_check", __name__)

CHECKS_MAX = 40
"""So many checks from one address in ten minutes; more than a person makes, too few to guess a code."""
BRAKE = "portal_check_brake"


class CodeForm(Form):
    """The number printed on a paper."""

    code = TextField(
        _l("Number of the paper"),
        [Required(_l("Type the number that is printed on the paper"))],
        length_max=120,
    )


@blueprint.record_once
def _configure(state: BlueprintSetupState) -> None:
    state.app.extensions[BRAKE] = Brake(misses_max=CHECKS_MAX)


@blueprint.get("/check")
@public
def show_check() -> Response:
    return make_response(render_template("public/check.html", form=CodeForm()))


@blueprint.post("/check")
@public
def check() -> Response:
    """Answer at once: the answer is not kept, so there is no address to go to. Nor is the file."""
    try:
        return _answer(CodeForm())
    finally:
        request.close()  # a big file waits in a temporary one


def _answer(form: CodeForm) -> Response:
    brake: Brake = current_app.extensions[BRAKE]
    if brake.miss(request.remote_addr or "", portal().clock.now()):
        return _page(form, 429, fault=gettext("That was a lot of checks. Please wait ten minutes."))
    file = request.files.get("file")
    if file is not None and file.filename:
        return _check_file(form, file)
    if "file" in request.files:
        return _page(form, 422, fault=gettext("Choose the file that you want to check"))
    if not form.validate_on_submit():
        return _page(form, 422)
    code = read_code(form.code.data)
    if code is None:
        form.code.errors = [gettext("The number has twelve digits and letters, for example 3F2A90C417DE")]
        return _page(form, 422)
    return _page(form, 200, answer=check_code(portal().database, code=code, today=_today()))


def _check_file(form: CodeForm, file: FileStorage) -> Response:
    content = file.stream.read(FILE_BYTES_MAX + 1)
    if len(content) > FILE_BYTES_MAX:
        fault = gettext("This file is too big to be one of our papers. Ours have less than 8 MB.")
        return _page(form, 422, fault=fault)
    upload = read_upload(content)
    answer = check_upload(
        portal().database, upload=upload, content=content, check=is_signed_by, today=_today()
    )
    return _page(form, 200, answer=answer, digest=upload.digest)


def _today() -> date:
    return portal().clock.now().date()


def _page(
    form: CodeForm, status: int, *, answer: Answer | None = None, fault: str = "", digest: str = ""
) -> Response:
    words = None if answer is None else WORDS[answer.kind]
    detail = DETAILS.get((answer.kind, answer.part)) if answer is not None else None
    page = render_template(
        "public/check.html",
        form=form,
        answer=answer,
        words=words,
        detail=detail,
        paper=PAPERS.get((answer.paper if answer else None) or "", _l("Paper")),
        fault=fault,
        digest=digest,
    )
    response = make_response(page, status)
    if status == 429:
        response.headers["Retry-After"] = "600"
    return response


#: What is said of each answer: a short word, and what it means for the one who holds the paper.
WORDS: Mapping[str, tuple[LazyString, LazyString]] = {
    "genuine": (_l("Genuine"), _l("This paper is as it was made, and it stands.")),
    "altered": (_l("Altered"), _l("This is not the paper as it was made. Do not rely on it.")),
    "superseded": (_l("Replaced"), _l("This paper is genuine. A newer version has taken its place.")),
    "withdrawn": (
        _l("Taken back"),
        _l("This paper is genuine. It was taken back and does not stand any more."),
    ),
    "settled": (
        _l("Fulfilled"),
        _l("This paper is genuine. Everything in it has been done; nothing is open."),
    ),
    "ended": (_l("Ended"), _l("This paper is genuine. It ended and does not stand any more.")),
    "unknown": (
        _l("Not known here"),
        _l("We know no such paper. It may be from somebody else, or be damaged."),
    ),
}
DETAILS: Mapping[tuple[str, str], LazyString] = {
    ("altered", "file"): _l(
        "The signed text inside is unchanged, but the file around it is not the one that was made."
    ),
    ("altered", "text"): _l("It names a paper that we know, but its content is another."),
    ("genuine", "text"): _l("The text inside was checked. What your browser saved around it was not."),
    ("genuine", "code"): _l("Only the number was checked. To check every word, upload the file."),
    ("settled", "code"): _l("Only the number was checked. To check every word, upload the file."),
}
PAPERS: Mapping[str, LazyString] = {
    "agreement": _l("Agreement"),
    **LETTERS,
    "proof": _l("Proof of an event"),
    "evidence_pack": _l("Evidence file"),
    "evidence_pack_limited": _l("Evidence file"),
}
