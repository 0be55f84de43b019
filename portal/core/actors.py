from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who did it, as an event tells it: a kind and, where it helps, an opaque reference; never a name."""

    kind: str
    ref: str | None = None

    def as_payload(self) -> dict[str, str]:
        """Give the form that stands in an event."""
        return {"kind": self.kind} if self.ref is None else {"kind": self.kind, "ref": self.ref}


DEBTOR = Actor(kind="debtor")
SYSTEM = Actor(kind="system")
LENDER_API = Actor(kind="lender")


def staff_actor(ref: str) -> Actor:
    """Name a member of the lender's staff by an opaque reference."""
    return Actor(kind="staff", ref=ref)


def counselor_actor(ref: str) -> Actor:
    """Name a counselor by an opaque reference."""
    return Actor(kind="counselor", ref=ref)


def provider_actor(ref: str) -> Actor:
    """Name a training provider by an opaque reference."""
    return Actor(kind="provider", ref=ref)
