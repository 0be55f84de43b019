"""What a key to the API may do; each route asks for exactly one scope."""

from collections.abc import Mapping
from types import MappingProxyType

SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "accounts:read": "See accounts, their lines and holds.",
        "accounts:write": "Create and change accounts, adjust balances, hold, release and recall.",
        "imports:read": "See imports and the rows that were sent back.",
        "imports:write": "Import files of accounts.",
        "links:write": "Make a link for a debtor and send it.",
        "events:read": "Poll the events that webhooks tell.",
    }
)


def unknown_scopes(scopes: tuple[str, ...]) -> list[str]:
    """List the words among `scopes` that are none."""
    return sorted(set(scopes) - set(SCOPES))
