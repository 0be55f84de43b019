"""Forms: fields that forgive how people type, and errors in kind words.

A form is checked by `form.validate_on_submit()`; CSRF is checked at the door for every POST (access.py), so forms
carry no check of their own. Templates draw fields with the macros of `_ui/forms.html`.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from flask import Flask, abort, request
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, RadioField, SelectChoice, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import Select, TextInput

from portal.core import typed
from portal.core.errors import MoneyError
from portal.core.money import Money
from portal.core.typed import clean, read_date, western_digits
from portal.web.language import current, gettext
from portal.web.language import lazy_gettext as _l

TEXT_MAX = 2000
NAME_MAX = 200
AMOUNT_MAX = 60
Options = Iterable[tuple[str, object]]
_SPACES = re.compile(r"\s+")


class Form(FlaskForm):
    """Base of every form."""

    class Meta(FlaskForm.Meta):
        csrf = False  # checked for the whole app before the view runs

    @property
    def has_errors(self) -> bool:
        return any(self.errors.values())


def one_use_token() -> str:
    """Make the token of a form that creates something; the action uses it up in its transaction."""
    return secrets.token_urlsafe(24)


def posted_token() -> str:
    """Read the one-use token of the posted form; a form without one was not ours: 400."""
    token = request.form.get("form_token", "")
    if not 20 <= len(token) <= 64:
        abort(400)
    return token


class Required:
    """The field must hold something; the message says what to do."""

    field_flags: Mapping[str, Any] = {"required": True}

    def __init__(self, message: object = None) -> None:
        self.message = message

    def __call__(self, form: object, field: Field) -> None:  # noqa: ARG002 - the hook of WTForms
        if field.errors:
            raise StopValidation
        if field.data is None or (isinstance(field.data, str) and not field.data.strip()):
            raise StopValidation(str(self.message or gettext("Please fill this in")))


class Ticked(Required):
    """The box must be ticked; the message says what to do."""

    def __call__(self, form: object, field: Field) -> None:  # noqa: ARG002 - the hook of WTForms
        if not field.data:
            raise StopValidation(str(self.message or gettext("Please tick the box")))


class TextField(StringField):
    """One text of limited length, cleaned."""

    def __init__(
        self, label: object = None, validators: Any = None, *, length_max: int = TEXT_MAX, **more: Any
    ) -> None:
        super().__init__(label, validators, **more)
        self.length_max = length_max

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = clean(self.data or "")

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 - the hook of WTForms
        if len(self.data or "") > self.length_max:
            raise StopValidation(
                gettext("Please use at most %(count)s characters", count=f"{self.length_max:,}")
            )


class OneOf(RadioField):
    """One answer of several, none chosen beforehand. `options` are (value, words) pairs; a view may set them anew."""

    def __init__(
        self, label: object = None, *, options: Options = (), told: object = None, **more: Any
    ) -> None:
        super().__init__(label, choices=[], validate_choice=False, **more)
        self.offer(options)
        self.told = told or _l("Please choose one. You can change it later")

    def offer(self, options: Options) -> None:
        """Set the answers that can be chosen."""
        self.choices = [SelectChoice(value=value, label=words) for value, words in options]

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 - the hook of WTForms
        if self.data not in {choice.value for choice in self.choices or ()}:
            self.data = None
            raise StopValidation(str(self.told))


class PickOne(OneOf):
    """The same as a list that opens; its first answer is chosen until another is."""

    widget = Select()

    def offer(self, options: Options) -> None:
        super().offer(options)
        if self.choices:
            self.default = self.choices[0].value


class CodeField(TextField):
    """A code or the last digits of an ID: any script's digits, spaces and dashes ignored."""

    def __init__(self, label: object = None, validators: Any = None, *, length: int, **more: Any) -> None:
        super().__init__(label, validators, length_max=40, **more)
        self.length = length

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = re.sub(r"[\s-]", "", western_digits(self.data or ""))

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 - the hook of WTForms
        if self.data and not re.fullmatch(rf"[0-9A-Za-z]{{{self.length}}}", self.data):
            raise StopValidation(gettext("Please type all %(count)s characters", count=self.length))


class CountField(IntegerField):
    """A whole number within limits, in any script's digits; `data` is None when it is not one."""

    widget = TextInput()

    def __init__(
        self, label: object = None, validators: Any = None, *, least: int, most: int, **more: Any
    ) -> None:
        super().__init__(label, validators, **more)
        self.least, self.most = least, most

    def process_formdata(self, valuelist: list[str]) -> None:
        text = _SPACES.sub("", western_digits(valuelist[0] if valuelist else ""))
        if not text:
            self.data = None
            return
        if not re.fullmatch(r"[+-]?[0-9]{1,9}", text) or not self.least <= int(text) <= self.most:
            self.data = None
            raise ValueError(
                gettext(
                    "Please type a whole number from %(least)s to %(most)s", least=self.least, most=self.most
                )
            )
        self.data = int(text)


class MoneyField(Field):
    """An amount of `currency` (set by the view before validation), typed the way people write money here."""

    widget = TextInput()

    def __init__(
        self, label: object = None, validators: Any = None, *, currency: str = "", **more: Any
    ) -> None:
        super().__init__(label, validators, **more)
        self.currency = currency
        self.typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return plain_amount(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = clean(valuelist[0])[:AMOUNT_MAX] if valuelist else ""
        self.data = None

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 - the hook of WTForms
        if not self.typed:
            return
        amount = read_amount(self.typed, self.currency)
        if amount is None:
            raise StopValidation(gettext("Please type an amount, for example %(amount)s", amount="120.00"))
        self.data = amount


def plain_amount(amount: Money) -> str:
    """Write an amount as it stands in a box: decimal mark of the language, no grouping, no sign of the currency."""
    return str(amount.decimal).replace(".", _decimal_mark())


def read_amount(text: str, currency: str) -> Money | None:
    """Read an amount as people who read this language type it; None when unclear."""
    return _amount(text, currency, _decimal_mark()) if len(text) <= AMOUNT_MAX else None


@lru_cache(maxsize=4096)
def _amount(text: str, currency: str, mark: str) -> Money | None:
    return typed.read_amount(text, currency=currency, decimal_mark=mark)


def _decimal_mark() -> str:
    return _mark_of(current().babel)


@cache
def _mark_of(babel: str) -> str:
    return str(Locale.parse(babel).number_symbols["latn"]["decimal"])


class BirthDateField(Field):
    """A date of birth in three boxes `<name>-day`, `-month`, `-year`; Buddhist years are understood."""

    def __init__(self, label: object = None, validators: Any = None, **more: Any) -> None:
        super().__init__(label, validators, **more)
        self.parts = {"day": "", "month": "", "year": ""}

    def process(self, formdata: Any, *_: Any, **__: Any) -> None:
        self.process_errors = []
        self.data = None
        for part in self.parts:
            typed = (formdata.get(f"{self.name}-{part}") if formdata else "") or ""
            self.parts[part] = clean(western_digits(typed))[:12]

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 - the hook of WTForms
        if any(self.parts.values()):
            self.data = read_date(**self.parts)
            if self.data is None:
                raise StopValidation(gettext("Please type the day, the month and the year as numbers"))


def read_dial(*, currency: str, last: Money, least: Money, most: Money) -> Money | None:
    """Read a posted dial: − or + (`move`), the slider (`slide`) or the box (`amount`), whichever was moved.

    Gives the wished amount, kept within `least` and `most` for the buttons and the slider; what was typed in the box
    is given as typed. None means that the box could not be read.
    """
    form = request.form
    if move := form.get("move"):
        wished = _moved(form.get("amount", ""), move, currency, last)
        return None if wished is None else max(least, min(most, wished))
    typed = read_amount(form.get("amount", ""), currency) if form.get("amount") else last
    slid = _exact(form.get("slide", ""), currency) if form.get("slide") else last
    if typed == last and slid is not None and slid not in (last, _rest(last, currency)):
        return max(least, min(most, slid))
    return typed


def _rest(last: Money, currency: str) -> Money:
    """Give where a browser lets the slider rest for an amount: on a notch of the scale that the page drew."""
    parts = [_exact(part, currency) for part in request.form.get("scale", "").split(" ")[:3]]
    drawn = [part.minor for part in parts if part is not None]
    if len(drawn) != 3 or drawn[2] <= 0:
        return last
    least, most, step = drawn
    notches = (2 * (max(least, min(most, last.minor)) - least) + step) // (2 * step)
    return Money(least + min(notches, max(0, most - least) // step) * step, currency)


def _exact(text: str, currency: str) -> Money | None:
    """Read a number that our own page wrote: a point, no grouping."""
    return _number(text, currency) if len(text) <= AMOUNT_MAX else None


@lru_cache(maxsize=4096)
def _number(text: str, currency: str) -> Money | None:
    try:
        return Money.of(text, currency)
    except MoneyError:
        return None


def _moved(typed: str, move: str, currency: str, last: Money) -> Money | None:
    step = _exact(move, currency)
    start = read_amount(typed, currency) if typed else last
    return None if step is None or start is None else start + step


def configure(app: Flask) -> None:
    app.jinja_env.globals.update(one_use_token=one_use_token)
    app.jinja_env.filters["plain_amount"] = plain_amount
