"""The stripe library's client with bounded waits."""

from typing import Any
from urllib.parse import urlsplit

import requests
import stripe


class BoundedClient(stripe.RequestsClient):
    """The library's HTTP client with bounded waits; a proxy of the environment never sees calls to this machine."""

    def __init__(self, *, timeouts: tuple[float, float], is_local: bool) -> None:
        super().__init__(timeout=timeouts)
        self._is_local = is_local

    def _request_internal(self, *given: Any, **named: Any) -> Any:
        if self._is_local and getattr(self._thread_local, "session", None) is None:
            session = requests.Session()
            session.trust_env = False
            self._thread_local.session = session
        return super()._request_internal(*given, **named)


def open_client(
    *,
    secret_key: str,
    api_base: str,
    timeouts: tuple[float, float],
    retries: int,
    api_version: str | None = None,
) -> stripe.StripeClient:
    """Make a client of one account; `retries` repeat under the same idempotency key.

    `api_version` None is the version that the library was made for.
    """
    is_local = urlsplit(api_base).hostname in ("127.0.0.1", "localhost", "::1")
    return stripe.StripeClient(
        secret_key,
        base_addresses={"api": api_base},
        max_network_retries=retries,
        stripe_version=api_version,
        http_client=BoundedClient(timeouts=timeouts, is_local=is_local),
    )
