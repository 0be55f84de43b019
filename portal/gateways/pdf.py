"""Documents as PDF by WeasyPrint: nothing is ever fetched, fonts come from the house's own fontconfig.

Rendering peaks at 290 MiB (STACK.md 4.5), so it belongs into a worker and never into a request.
"""

import html
from collections.abc import Mapping
from dataclasses import dataclass

from weasyprint import CSS, HTML, Attachment
from weasyprint.urls import URLFetcher

_STYLE = """
@page { size: A4; margin: 20mm 18mm; @bottom-center { content: counter(page) " / " counter(pages); font-size: 9pt } }
html { font-family: "Noto Sans", "Noto Sans Thai", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans CJK SC",
  sans-serif; font-size: 10.5pt; line-height: 1.5; color: #221a29 }
:lang(ar) { font-family: "Noto Sans Arabic", "Noto Naskh Arabic", "Noto Sans", sans-serif; line-height: 1.7 }
:lang(th) { font-family: "Noto Sans Thai", "Noto Sans", sans-serif; line-height: 1.7 }
:lang(zh-Hant) { font-family: "Noto Sans CJK TC", "Noto Sans", sans-serif }
:lang(zh-Hans) { font-family: "Noto Sans CJK SC", "Noto Sans", sans-serif }
h2 { font-size: 16pt } h3 { font-size: 12pt; margin-top: 6mm; break-after: avoid }
table { width: 100%; border-collapse: collapse; font-size: 9.5pt } tr { break-inside: avoid }
th, td { text-align: start; padding: 1mm 2mm; border-bottom: .3pt solid #bccbc2; font-weight: 400 }
.num { text-align: end } dl { margin: 0 }
dl > div { padding: 1.5mm 0; border-top: .3pt solid #bccbc2; break-inside: avoid }
dt { color: #443b4b; font-size: 9pt } dd { margin: 0; font-weight: 600 }
.sum > div { display: flex; justify-content: space-between } .sum dt { font-size: 10pt }
.total { border-top: 1pt solid #221a29 } details summary { list-style: none }
.seal { margin-top: 10mm; padding: 4mm; border: .5pt solid #6a6272; break-inside: avoid }
.code { font-family: "Noto Sans Mono", monospace; font-size: 8pt; word-break: break-all }
"""


@dataclass(frozen=True, kw_only=True)
class SignedCopy:
    """What goes into the PDF of an agreement: the signed article, the seal's lines, and the originals to attach."""

    language: str
    direction: str
    title: str
    article: str
    seal: Mapping[str, str]
    terms_json: str


def render_agreement(copy: SignedCopy) -> bytes:
    """Render a signed agreement as PDF/A-4f with the canonical terms and the exact HTML attached.

    Every text but the signed article is escaped here; the article is our own escaped template's output. "Produced
    as PDF/A-4f" is all that is claimed: no validator has looked at it.
    """
    lines = "".join(
        f"<div><dt>{html.escape(label)}</dt><dd>{html.escape(value)}</dd></div>"
        for label, value in copy.seal.items()
    )
    page = (
        f'<!doctype html><html lang="{html.escape(copy.language)}" dir="{html.escape(copy.direction)}"><head>'
        f"<title>{html.escape(copy.title)}</title></head><body>{copy.article}"
        f'<section class="seal"><dl>{lines}</dl></section></body></html>'
    )
    fetcher = URLFetcher(allowed_protocols=())
    attached = [
        Attachment(string=copy.terms_json, name="terms.json", description="Signed terms, RFC 8785"),
        Attachment(string=copy.article, name="agreement.html", description="Signed text, exact bytes"),
    ]
    document = HTML(string=page, url_fetcher=fetcher)
    pdf = document.write_pdf(
        stylesheets=[CSS(string=_STYLE, url_fetcher=fetcher)], pdf_variant="pdf/a-4f", attachments=attached
    )
    return bytes(pdf or b"")
