"""Forms of the console: what staff can do with an account, a case, a dispute."""

from datetime import date
from typing import Any

from wtforms import BooleanField
from wtforms.validators import StopValidation

from portal.actions.accounts.adjust_account import COMPONENTS
from portal.actions.accounts.reveal_person import REASONS as LOOK_REASONS
from portal.actions.cases.answer_case import REASONS as ANSWER_REASONS
from portal.core.holds import ADJUSTMENT_REASONS, CAUSES, RECALL_REASONS
from portal.web.forms import Form, MoneyField, OneOf, PickOne, Required, TextField
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l
from portal.web.lender.case_words import answer_reason_words, hold_words


class DayField(TextField):
    """A day, typed or picked by the browser: 2026-12-31. `data` stays as typed; `day` is None when it is none."""

    day: date | None = None

    def __init__(self, label: object = None, validators: Any = None, **more: Any) -> None:
        super().__init__(label, validators, length_max=10, **more)

    def pre_validate(self, form: object) -> None:
        super().pre_validate(form)
        self.day = None
        if self.data:
            try:
                self.day = date.fromisoformat(self.data)
            except ValueError:
                raise StopValidation(_("Please write the day as 2026-12-31")) from None


class RevealForm(Form):
    """Why do you need to see it?"""

    why = PickOne(_l("Why do you need to see it?"))

    def __init__(self, **more: Any) -> None:
        super().__init__(prefix="look-", **more)
        self.why.offer((code, look_words(code)) for code in LOOK_REASONS)


class HoldForm(Form):
    """Stop contact and payments about an account."""

    cause = PickOne(_l("Cause"))
    until = DayField(_l("Until. Empty: until somebody releases it"))

    def __init__(self, **more: Any) -> None:
        super().__init__(prefix="hold-", **more)
        self.cause.offer((code, hold_words(code)) for code in CAUSES)


class RecallForm(Form):
    """Take an account back."""

    why = PickOne(_l("Why"))
    is_forced = BooleanField(_l("Also while a payment is on its way, a plan runs or something is disputed"))

    def __init__(self, **more: Any) -> None:
        super().__init__(prefix="recall-", **more)
        self.why.offer((code, recall_words(code)) for code in RECALL_REASONS)


class AdjustForm(Form):
    """Change what is owed."""

    part = PickOne(_l("Part"))
    direction = PickOne(_l("Which way"))
    amount = MoneyField(_l("Amount"), [Required(_l("Type an amount"))])
    why = PickOne(_l("Why"))

    def __init__(self, *, currency: str, **more: Any) -> None:
        super().__init__(prefix="adjust-", **more)
        self.amount.currency = currency
        self.part.offer((code, part_words(code)) for code in COMPONENTS)
        self.direction.offer([("less", _("Take off")), ("more", _("Add"))])
        self.why.offer((code, adjust_words(code)) for code in ADJUSTMENT_REASONS)


class AnswerForm(Form):
    """Answer a case."""

    reason = PickOne(_l("Your reason. The case system is told"))
    words = TextField(_l("Words for the debtor"), length_max=2000)

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.reason.offer((code, answer_reason_words(code)) for code in ANSWER_REASONS)


class InboxForm(Form):
    """Answer a dispute or a complaint."""

    outcome = OneOf(_l("What did you find?"), told=_l("Choose what you found"))
    words = TextField(
        _l("Your answer. The debtor reads it as it stands"),
        [Required(_l("Write your answer"))],
        length_max=2000,
    )


def look_words(code: str) -> str:
    """Say why somebody looks at personal data."""
    return {
        "call_back": _("To call back"),
        "identity_check": _("To check who is calling"),
        "complaint": _("For a complaint"),
        "dispute": _("For a dispute"),
        "wrong_details": _("The details seem wrong"),
        "legal_duty": _("A duty by law"),
    }[code]


def recall_words(code: str) -> str:
    """Say why an account is taken back."""
    return {
        "sold": _("Sold"),
        "paid": _("Paid elsewhere"),
        "error": _("Placed by mistake"),
        "legal": _("Legal reasons"),
        "returned": _("Returned to the creditor"),
        "other": _("Something else"),
    }[code]


def part_words(code: str) -> str:
    """Name a part of what is owed."""
    return {"principal": _("Principal"), "interest": _("Interest"), "fees": _("Fees")}[code]


def adjust_words(code: str) -> str:
    """Say why what is owed changes."""
    return {
        "payment_elsewhere": _("Paid elsewhere"),
        "fee_waived": _("Fee waived"),
        "interest_waived": _("Interest waived"),
        "interest_charged": _("Interest charged"),
        "fee_charged": _("Fee charged"),
        "credit": _("Credit"),
        "correction": _("Correction"),
    }[code]
