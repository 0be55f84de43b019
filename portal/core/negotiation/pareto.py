"""Plans that no other plan beats on every count."""

from collections.abc import Sequence

from portal.core.negotiation.policy import Entry, shape_id


def axes(entry: Entry) -> tuple[int, int, int, int]:
    """Return what plans are compared on, more being better: L, U_D, C, and minus the largest payment."""
    return (
        entry.score.value,
        entry.score.debtor,
        entry.score.kept,
        -max(entry.shape.largest, entry.shape.down),
    )


def front(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries that no other entry dominates, best lender's value first; equal ones keep one, by id.

    Sorted by value, an entry can only be dominated by one before it.
    """
    ranked = sorted(entries, key=lambda e: ([-x for x in axes(e)], shape_id(e.terms)))
    kept: list[tuple[int, int, int, int]] = []
    found = []
    for entry in ranked:
        _, debtor, sure, low = mine = axes(entry)
        if not any(d >= debtor and s >= sure and x >= low for _, d, s, x in kept):
            kept.append(mine)
            found.append(entry)
    return tuple(found)
