"""A provider's notice as JSON and back: what the inbox keeps between the hook and the job."""

import json
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from portal.core.money import Money
from portal.core.payments import Kind, PaymentNotice


def notice_to_json(notice: PaymentNotice) -> bytes:
    """Return a notice as UTF-8 JSON; `notice_from_json` reads it back."""
    values = {field.name: getattr(notice, field.name) for field in fields(notice)}
    return json.dumps({name: _plain(value) for name, value in values.items() if value is not None}).encode()


def notice_from_json(body: bytes) -> PaymentNotice:
    """Read a notice back. Raises ValueError, KeyError or TypeError for what `notice_to_json` did not write."""
    values: dict[str, Any] = json.loads(body)
    values["kind"] = Kind(values["kind"])
    values["at"] = datetime.fromisoformat(values["at"])
    if "amount" in values:
        values["amount"] = Money(values["amount"]["minor"], values["amount"]["currency"])
    if "respond_by" in values:
        values["respond_by"] = date.fromisoformat(values["respond_by"])
    return PaymentNotice(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return dict(value) if isinstance(value, dict) else value
