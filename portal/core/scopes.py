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
        "contact:read": "Ask whether a message may go out now, and see what was sent.",
        "bounds:read": "See the bounds and what waits for approval; count what a version would offer.",
        "bounds:write": "Make and change drafts of bounds and send them for approval.",
        "bounds:approve": "Approve bounds that another key or person made, and put them in force.",
        "cases:read": "See cases that wait for a person.",
        "cases:write": "Answer cases.",
        "agreements:read": "See agreements, their terms and signed copies.",
        "letters:read": "See letters and download them.",
        "letters:write": "Issue letters.",
        "payments:read": "See payments.",
        "payments:write": "Tell payments that were made elsewhere.",
        "care:read": "See disputes, complaints and who helps a debtor.",
        "care:write": "Answer disputes and complaints.",
        "endpoints:read": "See the receivers of events and their deliveries.",
        "endpoints:write": "Make and change receivers of events, rotate secrets, send again.",
        "events:read": "Poll the events that webhooks tell.",
        "evidence:read": "Get the log's keys, signed heads and proofs.",
        "evidence:export": "Make and download the evidence pack of an agreement: it holds messages and names.",
    }
)

#: What a key of a guest's machine may do, by audience. None of them signs or pays.
GUEST_SCOPES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "counselor": MappingProxyType(
            {
                "clients:read": "See your clients, as far as each of them consented.",
                "clients:write": "Record a client's budget and propose plans, as far as the client consented.",
            }
        ),
        "trainer": MappingProxyType(
            {
                "courses:read": "See your courses.",
                "enrollments:read": "See your learners by code, with their course and steps.",
                "enrollments:write": "Confirm steps, and note that a learner left.",
            }
        ),
    }
)


def unknown_scopes(scopes: tuple[str, ...], *, known: Mapping[str, str] = SCOPES) -> list[str]:
    """List the words among `scopes` that are none of `known`: a lender's, or those of one audience of guests."""
    return sorted(set(scopes) - set(known))
