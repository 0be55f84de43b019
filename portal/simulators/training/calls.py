"""The signed call to the portal: Standard Webhooks, by the public library."""

import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, date, datetime

from standardwebhooks import Webhook

TIMEOUT_S = 10.0
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Portal:
    """The portal's hook for one provider."""

    def __init__(self, *, url: str, provider: str, secret: str, clock: Callable[[], float]) -> None:
        self.hook = f"{url.rstrip('/')}/hooks/training/{provider}"
        self._secret = secret
        self._clock = clock

    def today(self) -> date:
        return datetime.fromtimestamp(self._clock(), UTC).date()

    def confirm(
        self, *, code: str, milestone: str, on: date, webhook_id: str | None = None
    ) -> tuple[int, str]:
        """Tell the portal of a milestone; gives the status (0: no answer) and the beginning of the answer."""
        data = {"enrollment": code, "milestone": milestone, "on": on.isoformat()}
        at = datetime.fromtimestamp(int(self._clock()), UTC)
        body = json.dumps({"type": "milestone.verified", "timestamp": at.isoformat(), "data": data})
        identifier = webhook_id or f"ms_{secrets.token_hex(12)}"
        headers = {
            "Content-Type": "application/json",
            "webhook-id": identifier,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(self._secret).sign(identifier, at, body),
        }
        request = urllib.request.Request(self.hook, data=body.encode(), headers=headers, method="POST")  # noqa: S310 - set by us
        try:
            with _OPENER.open(request, timeout=TIMEOUT_S) as answer:
                return answer.status, answer.read(500).decode(errors="replace")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read(500).decode(errors="replace")
        except OSError as error:
            return 0, type(error).__name__
