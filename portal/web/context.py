"""What a page function can ask for: the services of the process, who is visiting, whose letterhead it is.

The cookie carries opaque session tokens only; what they mean is looked up in the database, once a request, when
somebody first asks.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from flask import Flask, current_app, g, session
from markupsafe import Markup

from portal.core import brand as colors
from portal.core import logo
from portal.core.messages import is_neutral
from portal.store import guest_sessions, lenders, sessions
from portal.store.work import UnknownLenderError, Work
from portal.web import language
from portal.web.recent import Recent
from portal.web.services import Services, close_readers, portal, work_of

#: Which part of the cookie a kind of session lives in: a verified debtor takes the place of the opened link.
SLOTS = {"link": "debtor", **{kind: kind for kind in ("debtor", "staff", "counselor", "trainer")}}
_SLOT_OF_GROUP = {"public": "debtor", "link_visit": "debtor", **{slot: slot for slot in SLOTS.values()}}
_BRAND_SECONDS = 30.0
#: How long a light endpoint (access.light) may take a visit for granted; every other page asks the database.
VISIT_SECONDS = 5.0
_BRANDS_MAX = 1_000

__all__ = ["Services", "portal", "work_of"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """Who is here. `state` is what the session row keeps; `factors` maps a passed proof to the time it was passed.

    Guests (counselor, trainer) have no lender. A change of a staff member's roles ends their sessions, so the
    roles kept in the session are today's.
    """

    kind: str
    lender_id: int | None
    subject_id: UUID
    session_id: UUID | None
    link_id: UUID | None
    state: Mapping[str, Any]
    started_at: datetime
    ends_at: datetime
    token: str = field(repr=False)

    @property
    def factors(self) -> Mapping[str, datetime]:
        return {name: datetime.fromisoformat(at) for name, at in self.state.get("factors", {}).items()}

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(self.state.get("roles", ()))

    def has_fresh(self, factor: str, *, within: timedelta, now: datetime) -> bool:
        """Tell whether a proof was passed lately enough for an act that asks for it again (sign, new phone)."""
        passed = self.factors.get(factor)
        return passed is not None and now - passed <= within


@dataclass(frozen=True, kw_only=True, slots=True)
class Brand:
    """The letterhead of a page: the name people know, its color and mark, and how to reach a person."""

    name: str
    accent: str = colors.ACCENT
    logo_svg: str | None = None
    phone: str | None = None
    phone_hours: str | None = None
    time_zone: str = "UTC"
    language: str | None = None
    neutral_name: str | None = None

    def neutral(self) -> "Brand":
        """Give the letterhead as a bystander may see it: a name that tells of money owed is not shown."""
        if is_neutral(self.name):
            return self
        return replace(self, name=self.neutral_name or HOUSE.name, logo_svg=None)


HOUSE = Brand(name="Portal")


def work() -> Work:
    """Give the unit of work of the visitor's lender."""
    visitor = visit()
    if visitor is None or visitor.lender_id is None:
        raise LookupError("this visit belongs to no lender")
    return work_of(visitor.lender_id)


# ---- the visit


def visit() -> Visit | None:
    """Give the party that this page is for, or None when nobody is signed in; asked once a request."""
    if "visit" not in g:
        g.visit = None  # so that an error page after a failed look-up does not look again
        g.visit = _find_visit(_SLOT_OF_GROUP.get(g.get("group", "public"), ""))
    return cast("Visit | None", g.visit)


def visitor() -> Visit:
    """Give the visit of a page that nobody reaches without one."""
    found = visit()
    if found is None:
        raise LookupError("nobody is signed in")
    return found


def sign_in(*, kind: str, token: str) -> None:
    """Put a fresh session token into the cookie; the CSRF token changes with it, so nothing can be fixed before."""
    session["visits"] = {**session.get("visits", {}), SLOTS[kind]: token}
    session.pop("csrf_token", None)
    g.pop("visit", None)
    g.pop("masked_csrf", None)


def sign_out(*, now: datetime) -> None:
    """End the session row of this visit and take its token out of the cookie."""
    found = visit()
    if found is None:
        return
    if found.lender_id is None:
        with portal().database.shared().begin() as shared:
            guest_sessions.end_guest_session(shared, token=found.token, now=now)
    elif found.session_id is not None:
        with portal().database.work(found.lender_id).begin() as tx:
            sessions.end_session(tx, session_id=found.session_id, now=now)
    current_app.extensions["portal_visits"].forget(found.token)
    session["visits"] = {k: v for k, v in session.get("visits", {}).items() if v != found.token}
    session.pop("csrf_token", None)
    g.visit = None


def slots_in_use() -> tuple[str, ...]:
    """Give the parts of the cookie that hold a token."""
    return tuple(session.get("visits", {}))


def enter_slot(slot: str) -> None:
    """Look at another part of the cookie from now on (signing out of everything)."""
    g.visit = _find_visit(slot)


def _find_visit(slot: str) -> Visit | None:
    token = session.get("visits", {}).get(slot)
    if not token:
        return None
    recent: Recent[Visit] = current_app.extensions["portal_visits"]
    if g.get("is_light") and (known := recent.get(token)) is not None:
        return known
    found = _look_up(token)
    return recent.put(token, found) if found is not None else None


def _look_up(token: str) -> Visit | None:
    now = portal().clock.now()
    lender_id = sessions.lender_of(token)
    try:
        return _guest_visit(token, now) if lender_id is None else _lender_visit(lender_id, token, now)
    except UnknownLenderError:
        return None


def _lender_visit(lender_id: int, token: str, now: datetime) -> Visit | None:
    unit = work_of(lender_id)
    with unit.read() as tx:
        row = sessions.find_session(tx, token=token, now=now)
    if row is None:
        return None
    if now - row.seen_at >= sessions.SEEN_STEP:
        with unit.begin() as tx:
            sessions.touch_session(tx, session_id=row.session_id, now=now)
    return Visit(
        kind=row.kind,
        lender_id=lender_id,
        subject_id=row.subject_id,
        session_id=row.session_id,
        link_id=row.link_id,
        state=row.state,
        started_at=row.started_at,
        ends_at=row.ends_at(),
        token=token,
    )


def _guest_visit(token: str, now: datetime) -> Visit | None:
    unit = portal().database.shared()
    with unit.read() as tx:
        row = guest_sessions.find_guest_session(tx, token=token, now=now)
    if row is None:
        return None
    if now - row.seen_at >= sessions.SEEN_STEP:
        with unit.begin() as tx:
            guest_sessions.touch_guest_session(tx, token=token, now=now)
    return Visit(
        kind=row.kind,
        lender_id=None,
        subject_id=row.subject_id,
        session_id=None,
        link_id=None,
        state=row.state,
        started_at=row.started_at,
        ends_at=row.ends_at(),
        token=token,
    )


# ---- the letterhead


def show_brand(letterhead: Brand) -> None:
    """Put a letterhead on this page (the landing page does, before anybody has signed in)."""
    g.brand = letterhead


def brand() -> Brand:
    """Give the letterhead of this page: what was shown, else the visitor's lender, else the house's own."""
    if "brand" not in g:
        g.brand = HOUSE
        found = visit()
        if found is not None and found.lender_id is not None:
            creditor_id = found.state.get("creditor")
            g.brand = brand_of(found.lender_id, UUID(creditor_id) if creditor_id else None)
            if found.kind == "link":
                g.brand = g.brand.neutral()
    return cast("Brand", g.brand)


def brand_of(lender_id: int, creditor_id: UUID | None = None) -> Brand:
    """Give the letterhead of a lender, or of the creditor that the debtor knows; kept for half a minute."""
    kept: dict[tuple[int, UUID | None], tuple[float, Brand]] = current_app.extensions["portal_brands"]
    key = (lender_id, creditor_id)
    at, letterhead = kept.get(key, (0.0, HOUSE))
    if letterhead is HOUSE or time.monotonic() - at > _BRAND_SECONDS:
        letterhead = _read_brand(lender_id, creditor_id)
        if len(kept) >= _BRANDS_MAX:
            kept.clear()
        kept[key] = (time.monotonic(), letterhead)
    return letterhead


def _read_brand(lender_id: int, creditor_id: UUID | None) -> Brand:
    with portal().database.shared().read() as shared:
        lender = lenders.find_lender(shared, lender_id=lender_id)
    if lender is None or creditor_id is None:
        return HOUSE if lender is None else _brand_from(lender)
    with portal().database.work(lender_id).read() as tx:
        creditor = lenders.find_creditor(tx, creditor_id=creditor_id)
    own = _brand_from(lender)
    if creditor is None:
        return own
    accent = creditor.accent or own.accent
    return replace(
        own,
        name=creditor.brand_name,
        accent=accent if colors.is_color(accent) else own.accent,
        logo_svg=creditor.logo_svg,
        phone=creditor.phone or own.phone,
    )


def _brand_from(lender: lenders.Lender) -> Brand:
    known = lender.settings
    accent = known.get("accent") or colors.ACCENT
    return Brand(
        name=known.get("brand_name") or lender.name,
        accent=accent if colors.is_color(accent) else colors.ACCENT,
        logo_svg=known.get("logo_svg"),
        phone=known.get("phone"),
        phone_hours=known.get("phone_hours"),
        time_zone=known.get("time_zone") or "UTC",
        language=known.get("language"),
        neutral_name=known.get("neutral_name"),
    )


def configure(app: Flask) -> None:
    app.teardown_request(close_readers)
    app.extensions["portal_brands"] = {}
    app.extensions["portal_visits"] = Recent(seconds=VISIT_SECONDS, size=4096)
    app.jinja_env.globals.update(
        visit=visit, brand=brand, language=language.current, languages=language.offered, logo=_logo
    )


@lru_cache(maxsize=256)
def _logo(svg: str) -> Markup:
    return Markup(logo.plain_logo(svg) or "")  # noqa: S704 - rebuilt from plain shapes only
