"""Static files: read once, served under an address that holds the hash of their content, packed beforehand.

An address with the right hash may be kept for ever; any other hash of a known file gets today's content, to be
asked for again, so that a page from before an update still works. Pages are packed as they go out.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import brotli
from flask import Blueprint, Flask, Response, abort, request
from markupsafe import Markup

from portal.core import brand as colors
from portal.web.access import bare
from portal.web.vary import vary

FOLDER = Path(__file__).parents[2] / "static"
KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".png": "image/png",
}
FOR_EVER = "public, max-age=31536000, immutable"
PAGE_BYTES_MIN = 600  # below this, packing costs more than it saves
_HASHED = re.compile(r"(?P<stem>.+)\.(?P<hash>[0-9a-f]{10})(?P<suffix>\.[a-z]+)")

blueprint = Blueprint("assets", __name__)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file with its content hash; packed forms are made when somebody first asks for them."""

    name: str
    content: bytes
    packed: dict[str, bytes] = field(default_factory=dict, compare=False)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:10]

    @property
    def kind(self) -> str:
        return KINDS[Path(self.name).suffix]

    @property
    def address(self) -> str:
        path = Path(self.name)
        return f"/static/{path.stem}.{self.digest}{path.suffix}"

    def body(self, encoding: str) -> bytes:
        if encoding not in self.packed:
            self.packed[encoding] = pack(self.content, encoding, effort=11)
        return self.packed[encoding]


@cache
def assets() -> dict[str, Asset]:
    """Read every file of the static folder, once a process."""
    files = (path for path in FOLDER.iterdir() if path.suffix in KINDS)
    return {path.name: Asset(path.name, path.read_bytes()) for path in files}


@cache
def address_of(name: str) -> str:
    return assets()[name].address


@cache
def style_for_first_view() -> str:
    """Give the stylesheet without the console part, squeezed, for the style block of the first pages."""
    text = assets()["portal.css"].content.decode()
    text = re.sub(r"/\* -+ CONSOLE -+ \*/.*?(?=/\* -+ modes -+ \*/)", "", text, flags=re.DOTALL)
    return squeeze(text)


def squeeze(text: str) -> str:
    """Take comments and needless white space out of a stylesheet."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"\s*([{};,])\s*", r"\1", text).replace(";}", "}").strip()


@lru_cache(maxsize=512)
def brand_style(accent: str) -> Asset:
    """Give the stylesheet of a lender's accent color."""
    return Asset(f"brand-{accent.removeprefix('#').lower()}.css", colors.css(accent).encode())


@blueprint.get("/static/<name>")
@bare
def serve(name: str) -> Response:
    """Serve a static file, or the stylesheet of an accent color."""
    parts = _HASHED.fullmatch(name)
    plain = f"{parts['stem']}{parts['suffix']}" if parts else name
    asset = assets().get(plain) or _brand_asset(plain)
    if asset is None:
        abort(404)
    encoding = encoding_for(request.headers.get("Accept-Encoding", ""))
    response = Response(asset.body(encoding), mimetype=asset.kind)
    if encoding != "identity":
        response.content_encoding = encoding
    vary(response, "Accept-Encoding")
    is_current = parts is not None and parts["hash"] == asset.digest
    response.headers["Cache-Control"] = FOR_EVER if is_current else "no-cache"
    response.set_etag(asset.digest)
    return response.make_conditional(request)


def _brand_asset(name: str) -> Asset | None:
    found = re.fullmatch(r"brand-([0-9a-f]{6})\.css", name)
    return brand_style(f"#{found[1]}") if found else None


def encoding_for(accepted: str) -> str:
    """Choose br, gzip or identity from an Accept-Encoding header."""
    wishes = {part.partition(";")[0].strip(): part for part in accepted.lower().split(",")}
    for encoding in ("br", "gzip"):
        if encoding in wishes and not re.search(r";\s*q=0(\.0*)?\s*$", wishes[encoding]):
            return encoding
    return "identity"


def pack(content: bytes, encoding: str, *, effort: int) -> bytes:
    if encoding == "br":
        return brotli.compress(content, mode=brotli.MODE_TEXT, quality=effort)
    if encoding == "gzip":
        return gzip.compress(content, compresslevel=min(effort, 9), mtime=0)
    return content


def pack_page(response: Response) -> Response:
    """Pack a page on its way out. Its tokens are masked or used once, so its size tells nothing (BREACH)."""
    if response.direct_passthrough or response.content_encoding or response.mimetype not in _PAGES:
        return response
    vary(response, "Accept-Encoding")
    encoding = encoding_for(request.headers.get("Accept-Encoding", ""))
    if encoding == "identity" or response.is_streamed or len(response.data) < PAGE_BYTES_MIN:
        return response
    response.data = pack(response.data, encoding, effort=4 if encoding == "br" else 5)
    response.content_encoding = encoding
    return response


_PAGES = frozenset({"text/html", "application/json", "application/problem+json", "text/csv", "text/calendar"})


@cache
def icon(name: str, *, flip: bool = False) -> Markup:
    """Draw an icon of static/icons.svg, written into the page: no request, no flash, one look everywhere."""
    mirrored = " flip" if flip else ""
    drawing = _drawings()[name]
    return Markup(f'<svg class="i{mirrored}" viewBox="0 0 24 24" aria-hidden="true">{drawing}</svg>')  # noqa: S704


@cache
def _drawings() -> dict[str, str]:
    source = assets()["icons.svg"].content.decode()
    return dict(re.findall(r'<symbol id="([a-z-]+)"[^>]*>(.*?)</symbol>', source, flags=re.DOTALL))


def configure(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.after_request(pack_page)
    app.jinja_env.globals.update(
        static=address_of,
        icon=icon,
        first_style=lambda: Markup(style_for_first_view()),  # noqa: S704 - our own file
        brand_css=lambda accent: Markup(colors.css(accent)),  # noqa: S704 - colors only
        brand_address=lambda accent: brand_style(accent).address,
    )
