from datetime import date

import pytest
from flask import g
from werkzeug.datastructures import MultiDict

from portal.core.money import Money
from portal.web import forms
from portal.web.forms import (
    BirthDateField,
    CodeField,
    CountField,
    Form,
    MoneyField,
    OneOf,
    PickOne,
    Required,
    TextField,
)
from portal.web.language import languages


class WholeForm(Form):
    name = TextField("Name", [Required("Type your name")], length_max=20)
    born_on = BirthDateField("Born")
    amount = MoneyField("Amount", currency="USD")
    months = CountField("Months", least=2, most=60)
    code = CodeField("Code", length=6)
    help = OneOf("Help", options=[("a", "A"), ("b", "B")])
    cycle = PickOne("Cycle", options=[("m", "M"), ("w", "W")])


def filled(app, **values):
    with app.test_request_context("/", method="POST", data=MultiDict(values)):
        form = WholeForm()
        form.validate()
        return form


def test_one_mark_before_three_digits_depends_on_the_language(app):
    for tag, point, comma in (("en", None, 150000), ("pt-BR", 150000, None)):
        with app.test_request_context("/"):
            g.language = languages()[tag]
            read = [forms.read_amount(typed, "BRL") for typed in ("1.500", "1,500")]
            assert [amount and amount.minor for amount in read] == [point, comma]


@pytest.mark.parametrize(
    ("parts", "day"),
    [
        (("7", "3", "1990"), date(1990, 3, 7)),
        (("7", "3", "2533"), date(1990, 3, 7)),
        (("๗", "๓", "๒๕๓๓"), date(1990, 3, 7)),
        (("٧", "٣", "١٩٩٠"), date(1990, 3, 7)),
        (("29", "2", "2543"), date(2000, 2, 29)),
        (("30", "2", "1990"), None),
        (("7", "3", "90"), None),
        (("7", "March", "1990"), None),
        (("", "3", "1990"), None),
    ],
)
def test_dates_of_birth(app, parts, day):
    values = dict(zip(("born_on-day", "born_on-month", "born_on-year"), parts, strict=True))
    form = filled(app, **values)
    assert form.born_on.data == day
    assert bool(form.born_on.errors) == (day is None)


def test_what_was_typed_is_kept(app):
    form = filled(
        app, amount="60 or 70", **{"born_on-day": "31", "born_on-month": "2", "born_on-year": "1990"}
    )
    assert form.amount._value() == "60 or 70"
    assert form.amount.errors == ["Please type an amount, for example 120.00"]
    assert form.born_on.parts == {"day": "31", "month": "2", "year": "1990"}
    assert form.name.errors == ["Type your name"]


def test_long_texts_are_told_and_kept(app):
    form = filled(app, name="x" * 21)
    assert form.name.errors == ["Please use at most 20 characters"]
    assert form.name.data == "x" * 21


def test_choices(app):
    assert filled(app, help="b").help.data == "b"
    for wrong in ({}, {"help": "x"}):
        assert filled(app, **wrong).help.errors == ["Please choose one. You can change it later"]
    assert filled(app).cycle.data == "m"
    assert filled(app, cycle="w").cycle.data == "w"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("12", 12), ("١٢", 12), (" 1 2 ", 12), ("1", None), ("61", None), ("x", None), ("9" * 30, None)],
)
def test_counts(app, typed, value):
    form = filled(app, months=typed)
    assert form.months.data == value
    assert bool(form.months.errors) == (value is None)


@pytest.mark.parametrize(
    ("typed", "code"), [("123456", "123456"), ("123 456", "123456"), ("١٢٣-٤٥٦", "123456")]
)
def test_codes(app, typed, code):
    assert filled(app, code=typed).code.data == code


def test_short_codes_are_told(app):
    assert filled(app, code="123").code.errors == ["Please type all 6 characters"]


DIAL = {
    "currency": "USD",
    "last": Money(6000, "USD"),
    "least": Money(4500, "USD"),
    "most": Money(24000, "USD"),
}


@pytest.mark.parametrize(
    ("posted", "minor"),
    [
        ({"move": "5.00", "amount": "60.00", "slide": "60.00"}, 6500),
        ({"move": "-5.00", "amount": "46", "slide": "60.00"}, 4500),
        ({"amount": "72.50", "slide": "60.00"}, 7250),
        ({"amount": "72.50", "slide": "70.00"}, 7250),
        ({"amount": "60,00", "slide": "85.00"}, 8500),
        ({"amount": "60.00", "slide": "999.00"}, 24000),
        ({"amount": "20", "slide": "60.00"}, 2000),
        ({"amount": "60.00", "slide": "59.24", "scale": "24.24 240.00 5.00 monthly"}, 6000),
        ({"amount": "60.00", "slide": "64.24", "scale": "24.24 240.00 5.00 monthly"}, 6424),
        ({"amount": "60.00", "slide": "49.00", "scale": "24.00 52.00 5.00 weekly"}, 6000),
        ({"amount": "60.00", "slide": "59.24", "scale": "24.24 240.00 0"}, 5924),
        ({}, 6000),
    ],
)
def test_the_dial_takes_what_was_moved(app, posted, minor):
    with app.test_request_context("/", method="POST", data=posted):
        assert forms.read_dial(**DIAL) == Money(minor, "USD")


def test_a_dial_that_cannot_be_read(app):
    with app.test_request_context("/", method="POST", data={"amount": "a lot", "slide": "60.00"}):
        assert forms.read_dial(**DIAL) is None


def test_one_use_tokens(app):
    token = forms.one_use_token()
    with app.test_request_context("/", method="POST", data={"form_token": token}):
        assert forms.posted_token() == token
    client = app.test_client()
    assert client.post("/language", data={"form_token": "x"}).status_code == 400


def test_an_amount_in_a_box_reads_back_as_itself(app):
    for tag, tongue in languages().items():
        with app.test_request_context("/"):
            g.language = tongue
            for amount in (Money(123450, "USD"), Money(1500, "VND"), Money(60500, "KWD"), Money(5, "EUR")):
                assert forms.read_amount(forms.plain_amount(amount), amount.currency) == amount, tag
