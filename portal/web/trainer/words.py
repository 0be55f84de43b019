"""The steps of a course in the words of a school."""

from portal.web.language import gettext as _


def step_title(kind: str) -> str:
    """Name a step."""
    return {
        "enrolled": _("Has started"),
        "attended": _("Took part"),
        "certified": _("Has the certificate"),
        "placed": _("Found work"),
        "retained_90d": _("Still in that work after 90 days"),
    }[kind]
