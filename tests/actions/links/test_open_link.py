from datetime import timedelta

from portal.actions.links.report_wrong_party import report_wrong_party
from portal.actions.links.view_link import view_link
from portal.store import links
from tests.core.test_identity import LINK_LETTERS


def test_opening_starts_a_session_that_is_not_verified(door):
    session = door.enter()
    assert (session.kind, session.subject_id) == ("link", door.debtor_id)
    assert door.link(session.link_id).state == "opened"
    assert door.told("link.opened") == [
        {"id": f"lnk_{session.link_id.hex}", "is_first": True, "language": "en"}
    ]


def test_a_link_can_be_opened_again_until_it_is_used(door):
    first = door.enter()
    second = door.open()
    assert second.session_id != first.session_id
    assert [event["is_first"] for event in door.told("link.opened")] == [True, False]
    door.answer(second)
    assert door.open() is None


def test_dead_links_do_not_open(door):
    door.send()
    token = door.sms.last_token
    door.wait(hours=72)
    assert door.open(token) is None
    door.send()
    report_wrong_party(door.work, token=door.sms.last_token, now=door.now)
    assert door.open() is None
    assert door.open("b" * 26) is None


def test_no_mutated_token_is_taken(door, database):
    door.send()
    token = door.sms.last_token
    mutations = {
        token[:at] + letter + token[at + 1 :]
        for at in range(len(token))
        for letter in (*LINK_LETTERS, token[at].upper(), "\0", "é")
        if letter != token[at]
    } | {token.upper() if token.upper() != token else "", token + "a", token[1:], token[::-1], ""}
    taken = [one for one in mutations if view_link(database, token=one, now=door.now)]
    assert len(mutations) > 700
    assert taken == []


def test_looking_changes_nothing(door, database):
    door.send()
    token = door.sms.last_token
    for _ in range(20):
        view = view_link(database, token=token, now=door.now)
    assert (view.security_word, view.sender, view.fact, view.language) == (
        "lantern", "Tamarind", "birth_date", "en",
    )  # fmt: skip
    with door.work.read() as tx:
        link = links.find_link(tx, token=token)
    assert (link.state, link.tries) == ("made", 0)
    assert "link.opened" not in door.told()


def test_a_view_ends_with_the_link(door, database):
    door.send()
    token = door.sms.last_token
    assert view_link(database, token=token, now=door.now + timedelta(hours=71))
    assert view_link(database, token=token, now=door.now + timedelta(hours=72)) is None
