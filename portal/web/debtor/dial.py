"""The dial of the simulator as its macro draws it: notches, and words that are only made where they are drawn."""

from dataclasses import dataclass

from flask import request

from portal.core.calendar import Frequency
from portal.core.money import Money
from portal.web.format import said, sign_of
from portal.web.language import gettext as _


@dataclass(frozen=True, kw_only=True)
class ShownDial:
    """One amount between two limits, in steps; `typed` keeps what could not be read."""

    name: str
    amount: Money
    least: Money
    most: Money
    step: Money
    freq: Frequency = "monthly"
    typed: str = ""

    @property
    def scale(self) -> str:
        """The slider's notches and what they count, as the form posts them back."""
        return f"{self.least.decimal} {self.most.decimal} {self.step.decimal} {self.freq}"

    @property
    def is_redrawn(self) -> bool:
        """Whether the page that asks has a dial of other notches."""
        return request.form.get("scale") != self.scale

    @property
    def label(self) -> str:
        return {
            "monthly": _("Each month I can pay"),
            "weekly": _("Each week I can pay"),
            "fortnightly": _("Every 2 weeks I can pay"),
            "four_weekly": _("Every 4 weeks I can pay"),
            "semi_monthly": _("Twice a month I can pay"),
        }[self.freq]

    @property
    def unit(self) -> str:
        return sign_of(self.step.currency)

    @property
    def less(self) -> str:
        return _("%(amount)s less", amount=said(self.step))

    @property
    def more(self) -> str:
        return _("%(amount)s more", amount=said(self.step))

    @property
    def least_words(self) -> str:
        return _("%(amount)s lowest", amount=said(self.least))

    @property
    def most_words(self) -> str:
        return _("%(amount)s highest", amount=said(self.most))
