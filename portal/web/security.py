"""Headers, cookies and the one-request tokens: everything the browser is told so that it protects the person.

- Content-Security-Policy without `unsafe-inline`: the one style block of the first pages carries a nonce.
- Before verification no page sends a referrer; after it only to ourselves.
- The CSRF token of Flask-WTF is masked anew for every answer, so that compressing pages tells nothing (BREACH).
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from copy import deepcopy
from urllib.parse import urlsplit

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from itsdangerous import URLSafeTimedSerializer

from portal.settings import Settings
from portal.web.recent import Recent
from portal.web.vary import vary

SESSION_COOKIE = "portal"
#: How long a signature that held is taken to hold: cookies live for weeks, a minute does not matter to them.
_PROVEN_SECONDS = 60.0
_COOKIE_MAX = 4096  # the longest that browsers keep
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BEFORE = (None, "public", "link_visit")
_PERMISSIONS = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=(), browsing-topics=(), interest-cohort=()"
)


class _MaskedCsrf(CSRFProtect):
    """Flask-WTF's protection, whose token comes masked and is unmasked here; what it proved it need not prove again."""

    def __init__(self) -> None:
        super().__init__()
        self._proven: Recent[bool] = Recent(seconds=_PROVEN_SECONDS, size=4096)

    def protect(self, apply_exemptions: bool = False) -> None:  # noqa: FBT001, FBT002 - the library's signature
        proof = (session.get("csrf_token"), self._get_csrf_token())
        if all(proof) and self._proven.get(proof):
            return
        super().protect(apply_exemptions)
        if g.get("csrf_valid"):
            self._proven.put(proof, value=True)

    def _get_csrf_token(self) -> str | None:
        masked = super()._get_csrf_token()
        return unmask(masked) if masked else None


class _CookieSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, with one signer a process; what was read moments ago is not read again."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None
        self._opened: Recent[SecureCookieSession] = Recent(seconds=_PROVEN_SECONDS, size=4096)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        cookie = request.cookies.get(self.get_cookie_name(app))
        known = self._opened.get(cookie) if cookie else None
        if known is not None:
            return self.session_class(deepcopy(dict(known)))
        opened = super().open_session(app, request)
        if opened and cookie and len(cookie) <= _COOKIE_MAX:
            self._opened.put(cookie, self.session_class(deepcopy(dict(opened))))
        return opened

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified:
            super().save_session(app, session, response)
        elif session.accessed:
            vary(response, "Cookie")


_csrf = _MaskedCsrf()
_signed: Recent[str] = Recent(seconds=_PROVEN_SECONDS, size=4096)


def configure(app: Flask, settings: Settings) -> None:
    """Set the cookie flags, limits and headers of the app; nothing is left to a default."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=f"__Host-{SESSION_COOKIE}" if settings.cookie_secure else SESSION_COOKIE,
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=settings.content_length_max,
        MAX_FORM_MEMORY_SIZE=min(settings.content_length_max, 512 * 1024),
        MAX_FORM_PARTS=500,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SSL_STRICT=False,  # no referrer before verification: Sec-Fetch-Site is checked instead
        WTF_I18N_ENABLED=False,
    )
    app.session_interface = _CookieSessions()
    _csrf.init_app(app)
    app.jinja_env.globals.update(csrf_token=csrf_token, nonce=nonce)
    app.context_processor(lambda: {"csrf_token": csrf_token})
    policy = _policy(settings)
    fixed = _fixed_headers(settings)
    app.after_request(lambda response: _headers(response, fixed, policy))


def check_request() -> None:
    """Refuse a form that this site did not write: raises CSRFError (400)."""
    if request.method in _SAFE:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise CSRFError("The form was sent by another site.")
    _csrf.protect()


def csrf_token() -> str:
    """Give the CSRF token of this session, masked once for this request."""
    if "masked_csrf" not in g:
        token = _signed.get(session.get("csrf_token")) or generate_csrf()
        g.masked_csrf = mask(_signed.put(session["csrf_token"], token))
    return g.masked_csrf


def mask(token: str) -> str:
    """Hide a token behind a random pad of its own length; the same token never looks the same twice."""
    text = token.encode()
    pad = secrets.token_bytes(len(text))
    return urlsafe_b64encode(pad + _xor(text, pad)).decode()


def unmask(masked: str) -> str | None:
    """Take the pad off; anything that was not made by `mask` gives None."""
    try:
        data = urlsafe_b64decode(masked.encode())
        half, rest = divmod(len(data), 2)
        return None if rest else _xor(data[:half], data[half:]).decode()
    except ValueError:
        return None


def _xor(one: bytes, two: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(two)).to_bytes(len(one))


def nonce() -> str:
    """Give the nonce of this answer; using it allows exactly this page's own style block."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return g.nonce


def forget_browser(response: Response) -> Response:
    """Make the browser forget what it kept of this visit (sign-out, 'hide this page')."""
    session.pop("csrf_token", None)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _policy(settings: Settings) -> str:
    """Write the policy; form-action names the payment page, because browsers apply it to our redirects too."""
    checkout = {"https://checkout.stripe.com"}
    if settings.qr_url:
        switch = urlsplit(settings.qr_url)
        checkout.add(f"{switch.scheme}://{switch.netloc}")
    if not settings.is_production:
        api = urlsplit(settings.stripe_api_base)
        checkout.add(f"{api.scheme}://{api.netloc}")
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'%s; img-src 'self' data:; connect-src 'self'; "
        f"form-action 'self' {' '.join(sorted(checkout))}; frame-ancestors 'none'; base-uri 'none'"
        + ("; upgrade-insecure-requests" if settings.cookie_secure else "")
    )


def _fixed_headers(settings: Settings) -> list[tuple[str, str]]:
    fixed = [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Permissions-Policy", _PERMISSIONS),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
    if settings.cookie_secure:
        fixed.append(("Strict-Transport-Security", "max-age=63072000; includeSubDomains"))
    return fixed


def _headers(response: Response, fixed: list[tuple[str, str]], policy: str) -> Response:
    own = f" 'nonce-{g.nonce}'" if "nonce" in g else ""
    is_before = g.get("group") in _BEFORE
    response.headers.extend(
        [
            *fixed,
            ("Content-Security-Policy", policy % own),
            ("Referrer-Policy", "no-referrer" if is_before else "same-origin"),
        ]
    )
    response.headers.setdefault("Cache-Control", "no-store")
    return response
