"""Documents as PDF by WeasyPrint: nothing is ever fetched, fonts come from the house's own fontconfig.

Rendering peaks at 290 MiB (STACK.md 4.5), so it belongs into a worker and never into a request. Files are produced as
tagged PDF/A-4f with every font embedded; that is a claim of how they are made, no validator has looked at them.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pydyf
from weasyprint import CSS, HTML, Attachment
from weasyprint.urls import URLFetcher

from portal.gateways.pdf_fonts import shrink_fonts
from portal.gateways.pdf_style import STYLE

VARIANT = "pdf/a-4f"
#: An attachment must name a time. This one says nothing: the times that count are in the log and the stamps.
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
DATA, SOURCE, SUPPLEMENT = "Data", "Source", "Supplement"
"""What an attached file is to the document (ISO 32000-2, 7.11.3, AFRelationship)."""
_LONE_STOP = re.compile(r"(?<=>)([\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f]+)(?=\s*<)")
_FIRST_STRONG, _END = "\u2068", "\u2069"


@dataclass(frozen=True, kw_only=True)
class SignedCopy:
    """What goes into the PDF of an agreement: the signed article, the seal's lines, the log, the originals.

    `log_head` is the log's title and its three column names, `log_rows` its lines, `log_facts` the hashes and versions
    under it; `log_json` is the same for programs.
    """

    language: str
    direction: str
    title: str
    article: str
    seal: Mapping[str, str]
    terms_json: str
    log_head: tuple[str, str, str, str] = ("", "", "", "")
    log_rows: Sequence[tuple[str, str, str]] = ()
    log_facts: Sequence[tuple[str, str]] = ()
    log_json: str = ""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What goes into the PDF of a letter: our own escaped template's output, and the letter as data."""

    language: str
    direction: str
    title: str
    article: str
    letter_json: str = ""


def render_agreement(copy: SignedCopy) -> bytes:
    """Render a signed agreement with the canonical terms, the exact HTML and the log attached.

    Every text but the signed article is escaped here; the article is our own escaped template's output.
    """
    seal = f'<section class="seal"><dl>{_pairs(copy.seal)}</dl></section>'
    body = copy.article + seal + (_log(copy) if copy.log_rows else "")
    attached = [
        _attachment(copy.terms_json, "terms.json", "Signed terms, RFC 8785", DATA),
        _attachment(copy.article, "agreement.html", "Signed text, exact bytes", SOURCE),
    ]
    if copy.log_json:
        attached.append(_attachment(copy.log_json, "signing-log.json", "Log of the signature", SUPPLEMENT))
    return _render(_page(copy, body), attached)


def render_letter(letter: Letter) -> bytes:
    """Render a letter with its exact HTML and its data attached."""
    attached = [_attachment(letter.article, "letter.html", "Text of the letter, exact bytes", SOURCE)]
    if letter.letter_json:
        attached.append(_attachment(letter.letter_json, "letter.json", "The letter as data, RFC 8785", DATA))
    return _render(_page(letter, letter.article), attached)


def _page(of: SignedCopy | Letter, body: str) -> str:
    return (
        f'<!doctype html><html lang="{html.escape(of.language)}" dir="{html.escape(of.direction)}"><head>'
        f"<title>{html.escape(of.title)}</title></head><body>{_stopped(_isolated(body))}</body></html>"
    )


def _isolated(body: str) -> str:
    """Give each `bdi` Unicode's own isolates too: WeasyPrint knows no `unicode-bidi`, and a name must turn nothing."""
    return body.replace("<bdi>", f"<bdi>{_FIRST_STRONG}").replace("</bdi>", f"{_END}</bdi>")


def _stopped(body: str) -> str:
    """Mark each Chinese stop that stands alone between two elements.

    It is shaped apart from its sentence, so nothing tells the bold font, which has the stops of every region, to take
    that of the text's own; `pdf_style` sets it in another font.
    """
    return _LONE_STOP.sub(r'<span class="stop">\1</span>', body)


def _log(copy: SignedCopy) -> str:
    title, *names = (html.escape(one) for one in copy.log_head)
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "".join(
        f"<tr>{''.join(f'<td><bdi>{html.escape(cell)}</bdi></td>' for cell in row)}</tr>"
        for row in copy.log_rows
    )
    facts = _pairs(copy.log_facts, css=' class="code"')
    return (
        f'<section class="log"><h3>{title}</h3><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f"<dl>{facts}</dl></section>"
    )


def _pairs(rows: Mapping[str, str] | Sequence[tuple[str, str]], css: str = "") -> str:
    pairs = rows.items() if isinstance(rows, Mapping) else rows
    return "".join(
        f"<div><dt>{html.escape(label)}</dt><dd{css}><bdi>{html.escape(value)}</bdi></dd></div>"
        for label, value in pairs
    )


def _attachment(text: str, name: str, description: str, relationship: str) -> Attachment:
    return Attachment(
        string=text,
        name=name,
        description=description,
        created=_NO_TIME,
        modified=_NO_TIME,
        relationship=relationship,
    )


def _finish(document: Any, pdf: pydyf.PDF) -> None:
    """Compress the fonts, and list each attachment once: WeasyPrint lists them twice in a file of this variant."""
    shrink_fonts(document, pdf)
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _render(page: str, attachments: Sequence[Attachment]) -> bytes:
    fetcher = URLFetcher(allowed_protocols=())
    pdf = HTML(string=page, url_fetcher=fetcher).write_pdf(
        stylesheets=[CSS(string=STYLE, url_fetcher=fetcher)],
        pdf_variant=VARIANT,
        pdf_tags=True,
        finisher=_finish,
        attachments=list(attachments),
    )
    return bytes(pdf or b"")
