"""What is written to a debtor: neutral texts that fit, in the debtor's language."""

import re
import unicodedata
from dataclasses import dataclass

from portal.core.message_texts import PIECES, TEXTS, WORD_STARTS
from portal.core.sms import count_segments

FALLBACK = "en"
SAME_TEXT = dict.fromkeys(("debit_notice", "payment_declined", "letter_ready"), "link_first")
"""Templates that say the same neutral sentence: what it is about stands behind the link."""
LENDER_TEMPLATES = frozenset({"link_first", "plan_upcoming", "plan_late", *SAME_TEXT})
"""Templates that the lender sends of its own accord: counted and held to contact hours."""
COLLECTION_TEMPLATES = frozenset({"link_first"})
"""Those of them that ask for a first word about a debt; a signed plan stops them at once, its own reminders go on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A message ready to go: its body, its language, and how many SMS segments the carrier will count."""

    body: str
    language: str
    segments: int


def telling_words(text: str) -> list[str]:
    """List what would tell a bystander that a text is about money owed, in any language we know."""
    folded = unicodedata.normalize("NFC", text).casefold()
    words = [word for word in re.findall(r"\w+", folded) if word.startswith(tuple(WORD_STARTS))]
    return words + sorted(piece for piece in PIECES if piece in folded)


def is_neutral(name: str) -> bool:
    """Tell whether a sender's name says nothing about lending or collecting."""
    return not telling_words(name)


def compose_link(
    *, template: str, language: str, sender: str, word: str, link: str, phone: str | None
) -> Text:
    """Compose the message that carries a link; the phone, then the sender, give way where they would cost a segment.

    Raises KeyError for an unknown template.
    """
    known = sender if sender and is_neutral(sender) else ""
    choices = [(known, phone), (known, None), ("", None)]
    texts = [
        _fill(
            template,
            language,
            sender=f"{name}: " if name else "",
            word=word,
            link=link,
            phone=f"{number} " if number else "",
        )
        for name, number in choices
    ]
    fewest = min(text.segments for text in texts)
    return next(text for text in texts if text.segments == fewest)


def compose_code(*, language: str, sender: str, code: str, host: str) -> Text:
    """Compose the message that carries a one-time code; its last line lets the phone fill the code in (WebOTP)."""
    known = f"{sender}: " if sender and is_neutral(sender) else ""
    texts = [_fill("code", language, sender=name, code=code, host=host) for name in (known, "")]
    return texts[0] if texts[0].segments <= texts[1].segments else texts[1]


def _fill(template: str, language: str, **values: str) -> Text:
    texts = TEXTS[SAME_TEXT.get(template, template)]
    chosen = language if language in texts else FALLBACK
    body = texts[chosen] % values
    return Text(body=body, language=chosen, segments=count_segments(body))
