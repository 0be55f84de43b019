"""An action that commits tells it, and what is told is in the catalog."""

import ast
import re
from functools import cache

import pytest

from portal.core.events.catalog import CATALOG
from tests.house.tree import Source, sources

TYPE = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
NOUNS = {name.partition(".")[0] for name in CATALOG}
#: Actions that only keep something (HOUSE.md D5): what they keep is no event of an account, a debtor or a lender.
KEEP_ONLY = {
    "portal.actions.bounds.edit_draft": "a draft of bounds that nobody sees but its makers",
    "portal.actions.imports.queue_import": "a file that waits; the import that reads it is told",
    "portal.actions.bounds.start_draft": "a draft of bounds",
    "portal.actions.evidence.register_papers": "where papers are looked up; that each was made is told",
    "portal.actions.keys.renew_digests": "the same look-ups under another key; the rotation itself is told",
    "portal.actions.keys.reseal_rows": "the same values under another key; the rotation itself is told",
    "portal.actions.evidence.stamp_head": "a stamp over a head that was told; an event of it would need one in turn",
    "portal.actions.evidence.number_events": "the numbers of the evidence tree are made from events, not told as one",
    "portal.actions.payments.receive_payment_event": "the inbox row; the job that acts on it tells",
    "portal.actions.staff.show_once": "a secret that is shown once",
    "portal.actions.staff.sign_in_staff": "a session of staff",
    "portal.actions.guests.sign_in_guest": "a session of a guest: no lender's event",
    "portal.actions.payments.close_books": "sums of postings, each of which was told",
    "portal.actions.payments.quote_payment": "a price that nobody has paid yet; the payment that begins at it tells it",
    "portal.actions.life.share_calendar": "a private address for one's own dates",
    "portal.actions.identity.end_visit": "the end of a session",
}


@cache
def actions():
    return {
        source.name: source for source in sources("portal/actions/") if not source.name.endswith("__init__")
    }


def commits(source):
    return ".begin()" in source.text or ".begin(" in source.text


def tells(name, known, seen=frozenset()):
    """True when the action appends an event, itself or by an action that it uses."""
    source = known.get(name)
    if source is None or name in seen:
        return False
    if re.search(r"events\.append(_for_accounts)?\(", source.text):
        return True
    used = [
        node.module
        for node in source.tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("portal.actions.")
    ]
    return any(tells(other, known, seen | {name}) for other in used)


def silent(known):
    return sorted(name for name, source in known.items() if commits(source) and not tells(name, known))


def test_every_commit_is_told_or_named():
    assert [name for name in silent(actions()) if name not in KEEP_ONLY] == []


def test_no_exception_stands_without_need():
    known = actions()
    assert sorted(KEEP_ONLY) == sorted(name for name in KEEP_ONLY if name in known and name in silent(known))


def types_in(source):
    """Find the event types that a module writes down: any text of the form noun.verb with a noun of the catalog."""
    return {
        node.value
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and TYPE.fullmatch(node.value)
        and node.value.partition(".")[0] in NOUNS
    }


@pytest.mark.parametrize("top", ["portal/actions/", "portal/jobs/", "portal/store/"])
def test_only_types_of_the_catalog_are_told(top):
    told = {(source.name, type_) for source in sources(top) for type_ in types_in(source)}
    assert told or top != "portal/actions/"
    assert {(name, type_) for name, type_ in told if type_ not in CATALOG and not _is_column(type_)} == set()


#: Told by a name that is put together: the state of a message is the second word of its type.
PUT_TOGETHER = {"message.delivered": ("portal.actions.contact.note_delivery", 'f"message.{state}"')}


def test_every_type_of_the_catalog_is_told_by_something():
    """A promise that nobody keeps is worse than none: a receiver would wait for ever."""
    told = {
        type_
        for top in ("portal/actions/", "portal/jobs/", "portal/store/")
        for source in sources(top)
        for type_ in types_in(source)
    }
    for type_, (name, words) in PUT_TOGETHER.items():
        assert words in actions()[name].text
        told.add(type_)
    assert set(CATALOG) - told == set()


def _is_column(text):
    """Sealed columns are named table.column."""
    return text.partition(".")[2] in {
        "phone",
        "email",
        "secret",
        "words",
        "body",
        "full_name",
        "totp_secret",
        "address",
    }


def test_planted_faults_are_found():
    quiet = Source(
        "portal.actions.planted", "def f(work):\n    with work.begin() as tx:\n        tx.execute(1)\n"
    )
    loud = Source("portal.actions.loud", "def f(tx):\n    events.append(tx, type='plan.signed')\n")
    user = Source(
        "portal.actions.user", "from portal.actions.loud import f\ndef g(work):\n    work.begin()\n    f(1)\n"
    )
    known = {one.name: one for one in (quiet, loud, user)}
    assert silent(known) == ["portal.actions.planted"]
    assert types_in(loud) - set(CATALOG) == {"plan.signed"}
