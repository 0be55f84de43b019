"""The stricter of pack and house: the figures that the product acts on.

The house floor holds everywhere unless the pack is stricter. Functions take `confirmed`, the lender's confirmations
of general-knowledge facts as "US.cooling_off" (`Pack.fact`).
"""

from collections.abc import Mapping
from datetime import time
from types import MappingProxyType

from portal.core.packs.model import Body, ContactHours, DayKind, Pack, Window
from portal.core.packs.places import americas, east_asia, europe, south, southeast_asia

_NOTHING: frozenset[str] = frozenset()

HOUSE = Pack(
    code="ZZ",
    name="House rules",
    currency="USD",
    languages=("en",),
    contact_hours=ContactHours(
        mon_fri=(time(9), time(19)),
        sat=(time(10), time(16)),
        sun=None,
        holiday=None,
        status="V",
        source="house rule",
    ),
    messages_per_day=1,
    messages_per_7_days=3,
    facts=MappingProxyType({}),
    advice=(),
    complaints=(),
)
PAUSE_DAYS_AFTER_DEBTOR_ACTION = 7
DISPUTE_WINDOW_DAYS = 30
COOLING_OFF_DAYS = 14
BREATHING_SPACE_DAYS = 30
BREATHING_SPACE_MONTHS_APART = 12
RETENTION_YEARS = 7
DISPUTE_ANSWER_DAYS = 30
COMPLAINT_ANSWER_DAYS = 30
HANDOFF_ANSWER_HOURS = 48

_ALL: tuple[Pack, ...] = (
    *americas.PACKS,
    *europe.PACKS,
    *east_asia.PACKS,
    *southeast_asia.PACKS,
    *south.PACKS,
)
PACKS: Mapping[str, Pack] = MappingProxyType({pack.code: pack for pack in _ALL})
_ALIASES = {"UK": "GB"}


def pack_for(country: str) -> Pack:
    """Return the pack of an ISO country code; a place without a pack gets the house rules alone."""
    return PACKS.get(_ALIASES.get(country, country), HOUSE)


def contact_window(pack: Pack, kind: DayKind) -> Window | None:
    """Return the local hours of one kind of day in which both the pack and the house allow contact; None for no hours.

    Hours of general knowledge count too: taking them can only make the window smaller.
    """
    house = HOUSE.contact_hours.of(kind) if HOUSE.contact_hours else None
    own = pack.contact_hours.of(kind) if pack.contact_hours else house
    if house is None or own is None:
        return None
    start, end = max(house[0], own[0]), min(house[1], own[1])
    return (start, end) if start < end else None


def messages_per_day(pack: Pack) -> int:
    """Return how many messages a day the lender may send."""
    return min(HOUSE.messages_per_day or 1, pack.messages_per_day or 99)


def messages_per_7_days(pack: Pack) -> int:
    """Return how many messages the lender may send in seven days."""
    return min(HOUSE.messages_per_7_days or 3, pack.messages_per_7_days or 99)


def dispute_window_days(pack: Pack, *, confirmed: frozenset[str] = _NOTHING) -> int:
    """Return the days in which a dispute must be accepted; later ones are accepted too."""
    return max(DISPUTE_WINDOW_DAYS, pack.number("dispute_window", unit="days", confirmed=confirmed) or 0)


def cooling_off_days(pack: Pack, *, confirmed: frozenset[str] = _NOTHING) -> int:
    """Return the days after signing in which a person may change their mind."""
    return max(COOLING_OFF_DAYS, pack.number("cooling_off", unit="days", confirmed=confirmed) or 0)


def breathing_space_days(pack: Pack, *, confirmed: frozenset[str] = _NOTHING) -> int:
    """Return the days of a pause that a person gets by asking, without giving a reason."""
    del pack, confirmed  # statutory schemes start through an adviser or a registry, not here
    return BREATHING_SPACE_DAYS


def adviser_hold_days(pack: Pack, *, confirmed: frozenset[str] = _NOTHING) -> int:
    """Return the days of hold when a person says that an adviser is helping (GB: CONC 7.3.11)."""
    return max(BREATHING_SPACE_DAYS, pack.number("adviser_hold", unit="days", confirmed=confirmed) or 0)


def plan_months_max(pack: Pack, *, confirmed: frozenset[str] = _NOTHING) -> int | None:
    """Return the longest plan that the law allows, in months; None when it names no limit."""
    years = pack.number("plan_limits", unit="years", confirmed=confirmed)
    return None if years is None else years * 12


def retention_years(pack: Pack, *, confirmed: frozenset[str] = _NOTHING) -> int:
    """Return the years for which records are kept after an account is closed."""
    return max(RETENTION_YEARS, pack.number("retention", unit="years", confirmed=confirmed) or 0)


def needs_record_consent(pack: Pack) -> bool:
    """Tell whether signing on a screen needs its own consent to electronic records first (15 USC 7001(c))."""
    return pack.code == "US"


def can_show_number(body: Body, pack: Pack, *, confirmed: frozenset[str] = _NOTHING) -> bool:
    """Tell whether an adviser's phone number may be shown: read in a source, or checked by the lender."""
    return body.status in {"V", "S"} or f"{pack.code}.advice" in confirmed
