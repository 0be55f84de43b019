from datetime import datetime

from portal.core.actors import DEBTOR
from portal.store import debtors, events, letterheads, links, sessions
from portal.store.debtors import new_ref
from portal.store.work import Work


def open_link(work: Work, *, token: str, language: str, now: datetime, is_chosen: bool = False) -> str | None:
    """Open a link: the person went on from its page. Gives the token of a session that is not verified yet.

    None when the link is expired, used, locked, revoked or unknown. Opening a link again starts another session; the
    tries are counted on the link, not on the session. `is_chosen` tells that the person picked the language.
    """
    with work.begin() as tx:
        link = links.find_link(tx, token=token)
        if link is None or not link.is_live(now) or not links.open_link(tx, link_id=link.link_id, now=now):
            return None
        debtor = debtors.find_debtor(tx, debtor_id=link.debtor_id)
        if debtor is None or debtor.wrong_party_at is not None:
            return None
        creditor_id = letterheads.find_only_creditor(tx, debtor_id=debtor.debtor_id)
        session_token = sessions.start_session(
            tx,
            kind="link",
            subject_id=debtor.debtor_id,
            link_id=link.link_id,
            now=now,
            state={"language": language}
            | ({"chosen_language": language} if is_chosen else {})
            | ({"creditor": str(creditor_id)} if creditor_id else {}),
        )
        events.append(
            tx,
            type="link.opened",
            actor=DEBTOR,
            at=now,
            payload={
                "id": new_ref("lnk", link.link_id),
                "is_first": link.state == "made",
                "language": language,
            },
            debtor_ref=debtor.debtor_ref,
        )
        return session_token
