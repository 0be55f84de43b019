"""Accounts, webhook endpoints and the list of events."""

from typing import Any

from portal.simulators.stripe import forms
from portal.simulators.stripe.errors import ApiError, missing
from portal.simulators.stripe.listing import listed, page
from portal.simulators.stripe.operations import LIST_PARAMETERS, Call, fetching, operation
from portal.simulators.stripe.vault import API_VERSION, Thing, Vault, new_id


def new_account(
    vault: Vault, *, identifier: str, country: str, kind: str, email: str | None, metadata: dict[str, str]
) -> Thing:
    account: Thing = {
        "id": identifier,
        "object": "account",
        "business_type": None,
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "country": country,
        "created": vault.now(),
        "default_currency": "usd",
        "details_submitted": True,
        "email": email,
        "metadata": metadata,
        "payouts_enabled": True,
        "requirements": {"currently_due": [], "disabled_reason": None, "past_due": []},
        "type": kind,
    }
    return vault.save(account)


def create_account(call: Call) -> Thing:
    account = new_account(
        call.vault,
        identifier=new_id("acct", 16),
        country=(forms.text(call.params, "country") or "US").upper(),
        kind=forms.choice(call.params, "type", ("custom", "express", "standard"), "custom") or "custom",
        email=forms.text(call.params, "email"),
        metadata=forms.metadata(call.params),
    )
    call.vault.emit("account.updated", account)
    return account


def own_account(call: Call) -> Thing:
    known = call.vault.find(call.vault.account)
    if known is not None:
        return known
    return new_account(
        call.vault, identifier=call.vault.account, country="US", kind="standard", email=None, metadata={}
    )


def add_endpoint(vault: Vault, *, url: str, events: list[str], secret: str | None = None) -> Thing:
    endpoint: Thing = {
        "id": new_id("we"),
        "object": "webhook_endpoint",
        "api_version": API_VERSION,
        "application": None,
        "created": vault.now(),
        "description": None,
        "enabled_events": events,
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": url,
        "_secret": secret or new_id("whsec", 32),
    }
    return vault.save(endpoint)


def create_endpoint(call: Call) -> Thing:
    url = forms.required(call.params, "url")
    if not url.startswith(("http://", "https://")):
        raise ApiError("Invalid URL: must start with http or https", code="url_invalid", param="url")
    events = [str(name) for name in forms.listing(call.params, "enabled_events")]
    if not events:
        raise missing("enabled_events")
    endpoint = add_endpoint(call.vault, url=url, events=events)
    return {**endpoint, "secret": endpoint["_secret"]}


def update_endpoint(call: Call) -> Thing:
    endpoint = call.vault.get("webhook_endpoint", call.id, status=404)
    endpoint["url"] = forms.text(call.params, "url") or endpoint["url"]
    endpoint["enabled_events"] = forms.listing(call.params, "enabled_events") or endpoint["enabled_events"]
    if "disabled" in call.params:
        endpoint["status"] = "disabled" if forms.boolean(call.params, "disabled") else "enabled"
    return call.vault.save(endpoint)


def delete_endpoint(call: Call) -> Thing:
    endpoint = call.vault.get("webhook_endpoint", call.id, status=404)
    call.vault.forget(endpoint)
    return {"id": endpoint["id"], "object": "webhook_endpoint", "deleted": True}


def list_events(call: Call) -> Any:
    things = call.vault.all("event")
    wanted = [str(name) for name in forms.listing(call.params, "types")]
    if kind := forms.text(call.params, "type"):
        wanted.append(kind)
    if wanted:
        things = [event for event in things if any(matches(event["type"], pattern) for pattern in wanted)]
    return page(things, call.params, "/v1/events")


def matches(name: str, pattern: str) -> bool:
    """Say whether an event's name fits a name or a pattern such as `charge.*` or `*`."""
    return pattern in ("*", name) or (pattern.endswith(".*") and name.startswith(pattern[:-1]))


_ACCOUNT = (
    "business_profile business_type capabilities company controller country default_currency "
    "email metadata settings type"
)

OPERATIONS = (
    operation("GET", "account", own_account),
    operation("POST", "accounts", create_account, _ACCOUNT),
    fetching("accounts", "account"),
    listed("accounts", "account"),
    operation(
        "POST",
        "webhook_endpoints",
        create_endpoint,
        "url enabled_events api_version connect description metadata",
    ),
    fetching("webhook_endpoints", "webhook_endpoint"),
    operation(
        "POST", "webhook_endpoints/<id>", update_endpoint, "url enabled_events disabled description metadata"
    ),
    operation("DELETE", "webhook_endpoints/<id>", delete_endpoint),
    listed("webhook_endpoints", "webhook_endpoint"),
    fetching("events", "event"),
    operation("GET", "events", list_events, f"{LIST_PARAMETERS} type types delivery_success"),
)
