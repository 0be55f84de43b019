"""What is asked of Stripe's hosted page: where it leads back to, in which language, with which ways to pay."""

from collections.abc import Mapping
from typing import Any

from portal.core.payments import PageWish

#: Our language codes that Stripe's page writes differently; what it does not speak it chooses by the browser.
_LOCALES = {"zh-Hans": "zh", "zh-Hant": "zh-TW", "es-419": "es-419", "pt-BR": "pt-BR"}
_SPOKEN = frozenset({"en", "es", "th", "vi", "id", "ms", "fil", "fr", "de", "ja", "ko", "it", "nl", "pl"})


def page_params(
    page: PageWish, notes: Mapping[str, str], customer_ref: str | None, *, methods_as: str
) -> dict[str, Any]:
    """Give the parameters of a page; `methods_as` is what the version of the API calls the list of ways to pay."""
    params: dict[str, Any] = {
        "success_url": page.success_url,
        "cancel_url": page.cancel_url,
        "client_reference_id": notes["attempt"],
        "metadata": dict(notes),
        "locale": _locale(page.language),
    }
    if customer_ref:
        params["customer"] = customer_ref
    if page.methods:
        params[methods_as] = list(page.methods)
    if page.expires_at:
        params["expires_at"] = int(page.expires_at.timestamp())
    return params


def _locale(language: str | None) -> str:
    if language in _LOCALES:
        return _LOCALES[language]
    return language if language in _SPOKEN else "auto"
