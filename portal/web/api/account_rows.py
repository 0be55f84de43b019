"""An account told by PUT is checked like a row of a file: the same rules, the same reasons."""

from datetime import date
from decimal import Decimal
from functools import cache
from zoneinfo import available_timezones

from portal.core.errors import UnknownCurrencyError
from portal.core.imports.cells import Rules
from portal.core.imports.columns import COLUMNS
from portal.core.imports.files import Places
from portal.core.imports.rows import AccountRow, RowReader
from portal.core.money import exponent
from portal.gateways.phones import COUNTRIES, normalize_phone
from portal.store.accounts import Line
from portal.web.api.models import AccountBody, Money
from portal.web.api.problems import field_error, refuse_field, refuse_fields
from portal.web.context import portal

_FIELDS = {
    "account_ref": "ref",
    "debtor_ref": "/debtor/ref",
    "date_of_birth": "/debtor/date_of_birth",
    **{
        name: f"/debtor/{name}"
        for name in (
            "full_name",
            "id_last4",
            "phone",
            "email",
            "language",
            "country",
            "region",
            "time_zone",
            "stated_monthly_income",
        )
    },
}
_AMOUNTS = ("principal", "interest", "fees", "original_amount")


def places(today: date) -> Places:
    """Give what the rules of rows need of the world."""
    return Places(today=today, countries=COUNTRIES, time_zones=_zones(), normalize_phone=normalize_phone)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def read_account(ref: str, body: AccountBody) -> tuple[AccountRow, list[Line] | None]:
    """Read an account and its lines out of a body; raises RefusedError naming each field that is wrong."""
    today = portal().clock.now().date()
    world = places(today)
    rules = Rules(
        today=today,
        countries=world.countries,
        time_zones=world.time_zones,
        normalize_phone=world.normalize_phone,
    )
    found = RowReader(positions={}, width=0, rules=rules).read_named(_raw(ref, body))
    if isinstance(found, AccountRow):
        return found, _lines(body)
    raise refuse_fields(field_error(one, _FIELDS.get(one.column, f"/{one.column}")) for one in found)


def _raw(ref: str, body: AccountBody) -> dict[str, object]:
    person = body.debtor
    raw: dict[str, object] = dict.fromkeys(COLUMNS)
    raw |= {
        name: getattr(body, name)
        for name in COLUMNS
        if name in AccountBody.model_fields and name not in _AMOUNTS
    }
    raw |= {name: getattr(person, name) for name in COLUMNS if name in type(person).model_fields}
    raw |= {name: _major(body, f"/{name}", getattr(body, name)) for name in _AMOUNTS}
    income = person.stated_monthly_income
    raw |= {"stated_monthly_income": _major(body, "/debtor/stated_monthly_income", income)}
    return raw | {"account_ref": ref, "debtor_ref": person.ref}


def _major(body: AccountBody, field: str, money: Money | None) -> Decimal | None:
    """Give an amount in major units; raises RefusedError for another currency than the account's."""
    if money is None:
        return None
    if money.currency != body.currency:
        fix = f"Send it in {body.currency}."
        raise refuse_field(f"{field}/currency", "other", "The account has another currency.", fix)
    try:
        return Decimal(money.minor).scaleb(-exponent(money.currency))
    except UnknownCurrencyError:
        fix = "Send a code such as USD, THB or VND."
        raise refuse_field("/currency", "currency.unknown", "ISO 4217 has no such currency.", fix) from None


def _lines(body: AccountBody) -> list[Line] | None:
    if body.lines is None:
        return None
    for place, line in enumerate(body.lines):
        _major(body, f"/lines/{place}/amount", line.amount)
    return [
        Line(
            position=place,
            kind=line.kind,
            label_key=line.label_key,
            on_date=line.on_date,
            amount_minor=line.amount.minor,
        )
        for place, line in enumerate(body.lines, 1)
    ]
