"""What a person is told and does to agree to electronic records: the form, its text, and the two as one page part."""

from wtforms import BooleanField

from portal.core.agreements.records import CODE_DIGITS
from portal.web.forms import CodeField, Form, Ticked
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext as _l

#: What 15 USC 7001(c)(1) asks to be said, point by point; all of it is hashed into the signing log as it was shown.
POINTS = (
    (_l("Paper instead"), _l("Ask, and this agreement and every later paper comes by post, for free.")),
    (
        _l("Taking it back"),
        _l(
            "At any time, under Messages, language, sign out. Papers then come by post. Your plan stays as it is, "
            "and it costs nothing."
        ),
    ),
    (_l("What it is about"), _l("This agreement, its receipts and statements, and letters about this plan.")),
    (_l("Your address"), _l("Tell a person here when your phone number or your address changes.")),
    (
        _l("What you need"),
        _l("A phone or computer with a web browser, and room for a file or a printer to keep a copy."),
    ),
)
AGREED = _l("Yes, I want to get and sign my papers electronically")


class RecordsForm(Form):
    """Agree to electronic records: one tick of its own, and the code out of the text where the place asks for it."""

    records = BooleanField(AGREED, [Ticked(_l("Tick the box if you agree, or ask for paper"))])
    code = CodeField(_l("The code at the end of the text above"), length=CODE_DIGITS)


def consent_text() -> str:
    """Give the whole text of the consent in the language of this request, as it is kept and hashed."""
    lines = [f"{name}: {text}" for name, text in POINTS]
    return "\n".join([_("Electronic or on paper?"), *lines, str(AGREED)])
