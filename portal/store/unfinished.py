"""Signings that were begun and can go on: prepared, the offer firm, the balance as it was, nothing else signed."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.core.calendar import local_day
from portal.store import accounts, agreements, debtors
from portal.store.rows import known
from portal.store.tables.agreements import agreements as agreement_rows
from portal.store.tables.cases import offers
from portal.store.work import Transaction

SHOWN_MAX = 5
DAY = timedelta(days=1)
_BEGUN = (
    agreement_rows.c.agreement_id,
    agreement_rows.c.agreement_ref,
    agreement_rows.c.terms_json,
    agreement_rows.c.consented_at,
    agreement_rows.c.consent_ended_at,
    agreement_rows.c.amends_id,
    offers.c.expires_on,
)


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """One signing to go on with, until `expires_on`; its page is the agreement's, or the signature's after consent."""

    agreement_ref: str
    account_id: UUID
    expires_on: date
    has_record_consent: bool

    @property
    def path(self) -> str:
        """Give the page where the person stopped."""
        return f"/me/agreements/{self.agreement_ref}" + ("/sign" if self.has_record_consent else "")


def list_unfinished(tx: Transaction, *, debtor_id: UUID, now: datetime) -> list[Unfinished]:
    """List what a debtor may still sign on their own calendar day, newest first, at most one an account."""
    rows = tx.execute(
        select(*_BEGUN)
        .select_from(
            agreement_rows.join(
                offers,
                (offers.c.lender_id == agreement_rows.c.lender_id)
                & (offers.c.offer_id == agreement_rows.c.offer_id),
            )
        )
        .where(
            agreement_rows.c.lender_id == tx.lender_id,
            agreement_rows.c.debtor_id == debtor_id,
            agreement_rows.c.state == "prepared",
            offers.c.state == "firm",
            offers.c.expires_on >= (now - DAY).date(),
        )
        .order_by(agreement_rows.c.agreement_id.desc())
        .limit(SHOWN_MAX)
    ).all()
    if not rows:
        return []
    today = local_day(now=now, time_zone=known(debtors.find_debtor(tx, debtor_id=debtor_id)).time_zone)
    found: dict[UUID, Unfinished] = {}
    for row in rows:
        account_ids = agreements.list_account_ids(tx, agreement_id=row.agreement_id)
        if (
            row.expires_on < today
            or account_ids[0] in found
            or not _stands(tx, account_ids, row.terms_json, amends_id=row.amends_id)
        ):
            continue
        found[account_ids[0]] = Unfinished(
            agreement_ref=row.agreement_ref,
            account_id=account_ids[0],
            expires_on=row.expires_on,
            has_record_consent=row.consented_at is not None and row.consent_ended_at is None,
        )
    return list(found.values())


def _stands(tx: Transaction, account_ids: list[UUID], terms_json: str, *, amends_id: UUID | None) -> bool:
    """Tell whether the balance is as it was and no other plan runs than the one that this would change."""
    covered = [accounts.find_account(tx, account_id=one) for one in account_ids]
    balance = sum(one.balance_minor for one in covered if one is not None)
    running = [agreements.find_active(tx, account_id=one) for one in account_ids]
    is_free = all((one.agreement_id if one else None) == amends_id for one in running)
    return is_free and balance == json.loads(terms_json)["plan"]["balance"]
