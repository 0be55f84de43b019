"""Start the provider: `python -m portal.simulators.stripe --port 9010 --webhook URL --webhook-secret whsec_…`."""

import argparse
import os
import sys
from pathlib import Path

from portal.simulators.clock import clock_of
from portal.simulators.journal import usual_file
from portal.simulators.serving import serve
from portal.simulators.stripe.accounts import add_endpoint
from portal.simulators.stripe.app import DEFAULT_KEY, Provider, new_provider


def read_arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="portal.simulators.stripe", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9010)
    parser.add_argument(
        "--key",
        action="append",
        help=f"an accepted API key (repeatable; STRIPE_SECRET_KEY, else {DEFAULT_KEY})",
    )
    parser.add_argument(
        "--webhook",
        action="append",
        help="URL that gets every event, for the key beside it (STRIPE_WEBHOOK_URL)",
    )
    parser.add_argument(
        "--webhook-secret", action="append", default=[], help="its whsec_ secret (STRIPE_WEBHOOK_SECRET)"
    )
    parser.add_argument(
        "--public-url", help="how browsers reach this server, when it is not the address called"
    )
    parser.add_argument(
        "--journal",
        type=Path,
        default=usual_file("stripe"),
        help="JSON-lines file that keeps the data over a restart",
    )
    parser.add_argument(
        "--retry-seconds", type=float, default=1.0, help="first wait before an event is posted again"
    )
    parser.add_argument(
        "--settle-after", type=float, help="seconds until delayed money arrives by itself (default: never)"
    )
    return parser.parse_args(given)


def build(arguments: argparse.Namespace) -> Provider:
    keys = arguments.key or [os.environ.get("STRIPE_SECRET_KEY") or DEFAULT_KEY]
    provider = new_provider(
        keys,
        journal=arguments.journal,
        public_url=arguments.public_url,
        retry_s=arguments.retry_seconds,
        settle_after_s=arguments.settle_after,
        clock=clock_of(),
    )
    secrets = arguments.webhook_secret or [os.environ.get("STRIPE_WEBHOOK_SECRET", "")]
    for place, url in enumerate(arguments.webhook or os.environ.get("STRIPE_WEBHOOK_URL", "").split()):
        key = keys[min(place, len(keys) - 1)]
        secret = secrets[min(place, len(secrets) - 1)] or None
        _register(provider, key, url, secret)
    return provider


def _register(provider: Provider, key: str, url: str, secret: str | None) -> None:
    """Register an address once: a restart with a journal finds it again and only renews the secret."""
    vault = provider.world.own(key)
    if vault is None:
        return
    known = [endpoint for endpoint in vault.all("webhook_endpoint") if endpoint["url"] == url]
    if not known:
        add_endpoint(vault, url=url, events=["*"], secret=secret)
    elif secret and known[0]["_secret"] != secret:
        known[0]["_secret"] = secret
        vault.save(known[0])


def main() -> int:
    arguments = read_arguments()
    provider = build(arguments)
    provider.postman.start()
    return serve(
        provider.app,
        name="test payment provider",
        host=arguments.host,
        port=arguments.port,
        closing=provider.postman.stop,
    )


if __name__ == "__main__":
    sys.exit(main())
