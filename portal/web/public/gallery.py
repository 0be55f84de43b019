"""Every part of the look on one page, to be photographed; in the demo and in tests only."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from wtforms import BooleanField

from portal.core.money import Money
from portal.web.access import public
from portal.web.beads import Bead
from portal.web.context import Brand, show_brand
from portal.web.forms import (
    BirthDateField,
    Form,
    MoneyField,
    OneOf,
    PickOne,
    Required,
    TextField,
    read_amount,
    read_dial,
)
from portal.web.htmx import answer

blueprint = Blueprint("gallery", __name__)
_FIRST = date(2026, 12, 15)
_LEAST, _MOST = Money(4500, "USD"), Money(24000, "USD")


class GalleryForm(Form):
    """One field of each kind."""

    full_name = TextField("Your full name", [Required("Type your name as you would sign it")], length_max=200)
    born_on = BirthDateField("Your date of birth")
    amount = MoneyField("Each month I can pay", currency="USD")
    cycle = PickOne("I get paid", options=[("monthly", "Every month"), ("weekly", "Every week")])
    help = OneOf(
        "What would help you most?",
        options=[("now", "Pay now"), ("spread", "Spread it out"), ("pause", "Pause for now")],
    )
    agree = BooleanField("I have read the agreement and I agree to this plan.")


@blueprint.route("/_gallery", methods=["GET", "POST"])
@public
def show_gallery() -> Response:
    form = GalleryForm()
    is_valid = form.validate_on_submit()
    page = render_template("public/gallery.html", form=form, **_parts(Money(6000, "USD")))
    return make_response(page, 422 if form.has_errors and not is_valid else 200)


@blueprint.post("/_gallery/answer")
@public
def answer_dial() -> Response:
    """Answer a dial as the simulator does: the fragment for htmx, else the whole page."""
    last = read_amount(request.form.get("last", ""), "USD") or _LEAST
    wished = read_dial(currency="USD", last=last, least=_LEAST, most=_MOST)
    parts = _parts(wished or last)
    if wished is None:
        parts["dial"].typed = request.form.get("amount", "")
        parts["dial_error"] = "Please type an amount, for example 60.00"
    status = 200 if wished else 422
    return answer(
        "public/gallery.html", "public/_gallery_answer.html", status=status, form=GalleryForm(None), **parts
    )


def _parts(amount: Money) -> dict[str, Any]:
    show_brand(
        Brand(
            name="Tamarind",
            phone="1-800-555-0142",
            phone_hours="Monday to Saturday, 9 to 6",
            accent="#" + request.args.get("accent", "5a2a63"),
        )
    )
    count = max(1, -(-151100 // amount.minor)) if amount.minor > 0 else 1
    return {
        "shelf": request.args.get("shelf", "full"),
        "monthly": _beads(min(count, 240), paid=0, step=1),
        "skills": _beads(29, paid=0, step=1, low=3),
        "weekly": _beads(30, paid=4, step=0),
        "total": Money(151100, "USD"),
        "lines": _lines(),
        "dial": _dial(amount),
        "dial_error": "",
        "last_on": date(2029, 1, 15),
        "rate": Decimal("0.0625"),
        "steps": _steps(),
    }


@blueprint.get("/_gallery/desk")
@public
def show_desk() -> str:
    show_brand(Brand(name="Tamarind"))
    return render_template("public/gallery_desk.html", total=Money(151100, "USD"), day=_FIRST)


def _beads(count: int, *, paid: int, step: int, low: int = 0) -> list[Bead]:
    beads = []
    for at in range(count):
        months = _FIRST.month - 1 + at
        due_on = (
            date(_FIRST.year + months // 12, months % 12 + 1, 15)
            if step
            else date.fromordinal(_FIRST.toordinal() + 7 * at)
        )
        state = "paid" if at < paid else "next" if at == paid else "later"
        beads.append(Bead(due_on=due_on, state=state, is_low=at < low))
    return beads


def _lines() -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            label="Amount borrowed, still to pay", amount=Money(124000, "USD"), why="You borrowed $1,500.00."
        ),
        SimpleNamespace(
            label="Interest to November 24", amount=Money(18640, "USD"), why="18% a year, day by day."
        ),
        SimpleNamespace(label="One late fee removed", amount=Money(-2500, "USD"), why=""),
        SimpleNamespace(
            label="A very long line that has to wrap on a small phone", amount=Money(1096, "USD"), why=""
        ),
    ]


def _dial(amount: Money) -> SimpleNamespace:
    return SimpleNamespace(
        name="pay",
        label="Each month I can pay",
        amount=amount,
        typed="",
        least=_LEAST,
        most=_MOST,
        step=Money(500, "USD"),
        scale=f"{_LEAST.decimal} {_MOST.decimal} 5.00",
        unit="$",
        less="$5 less",
        more="$5 more",
        least_words="$45 lowest",
        most_words="$240 highest",
    )


def _steps() -> list[SimpleNamespace]:
    return [
        SimpleNamespace(state="on", title="You signed", text="Your copy is on the way", gain=""),
        SimpleNamespace(
            state="now", title="Half way: 6 weeks", text="About January 18, 2027", gain="$50.00 off"
        ),
        SimpleNamespace(
            state="later", title="Pass the test", text="You can take it twice", gain="$150.00 off"
        ),
        SimpleNamespace(state="free", title="Meet employers, if you want", text="Your choice", gain=""),
    ]
