"""The pages inside an evidence pack: an index for a judge in each language that matters, and a verifier in one file."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import render_template
from markupsafe import Markup

from portal.actions.evidence.build_pack import Cover, Pages
from portal.core.evidence.public_keys import ADDRESS
from portal.web.assets import FOLDER, style_for_first_view
from portal.web.context import portal
from portal.web.language import current, is_offered, languages, speaking
from portal.web.language import lazy_gettext as _l

STATES = {
    "active": _l("It runs."),
    "completed": _l("It is completed."),
    "broken": _l("It was not kept."),
    "withdrawn": _l("It was taken back."),
    "amended": _l("A newer one took its place."),
}


def pack_pages(*, debtor_language: str) -> Pages:
    """Give the pages of a pack: in the reader's language first, then the debtor's and that of the signed text."""

    def index(cover: Cover) -> Mapping[str, bytes]:
        tags = dict.fromkeys((current().tag, debtor_language, cover.agreement.language))
        paths = {
            "index.html" if not place else f"index.{tag}.html": tag for place, tag in enumerate(_known(tags))
        }
        return {path: _index(cover, tag, paths) for path, tag in paths.items()}

    return Pages(index=index, verifier=verifier_page())


def _known(tags: Mapping[str, None]) -> list[str]:
    return [tag for tag in tags if is_offered(tag)]


def _index(cover: Cover, tag: str, paths: Mapping[str, str]) -> bytes:
    with speaking(tag):
        page = render_template(
            "agreement/pack_index.html",
            cover=cover,
            tongue=current(),
            state=STATES[cover.agreement.state],
            signed_language=languages()[cover.agreement.language].name,
            signed_at=_utc(cover.agreement.signed_at),
            sealed_at=_utc(datetime.fromisoformat(cover.facts.sealed_at)),
            others=[(path, languages()[other].name) for path, other in paths.items() if other != tag],
            style=_style(),
        )
    return page.encode()


def verifier_page() -> bytes:
    """Write the verifier in the reader's language: one file without anything outside it."""
    script = (FOLDER / "verifier.js").read_text(encoding="utf-8")
    page = render_template(
        "agreement/pack_verifier.html",
        tongue=current(),
        style=_style(),
        published=portal().settings.base_url + ADDRESS,
        script=Markup(f"<script>{script}</script>"),  # noqa: S704 - our own file
    )
    return page.encode()


def _utc(at: datetime | None) -> str:
    """Write a time as a court in any country reads it."""
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _style() -> Markup:
    """Give the house's style and the few lines that only these pages need."""
    own = (
        "ol{list-style:decimal;padding-inline-start:1.5em}caption{text-align:start}"
        ".print{overflow-wrap:anywhere;font-size:.8em}"
    )
    return Markup(f"<style>{style_for_first_view()}{own}</style>")  # noqa: S704 - our own file
