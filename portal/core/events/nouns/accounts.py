"""An account: one debt as the lender's case system knows it."""

from __future__ import annotations

from portal.core.events.shapes import (
    code,
    count,
    day,
    digest,
    event,
    flag,
    group,
    items,
    moment,
    money,
    opaque,
    open_code,
)

_SYSTEM = ("lender", "staff", "system")
_CAUSE = open_code("dispute")
_PARTS = group(
    principal_=money(98_000),
    interest_=money(12_000),
    fees_=money(2_500),
    penalties_=money(0),
    credits_=money(0),
)

EVENTS = (
    event(
        "account.created",
        "The case system told the portal about a debt that it did not know yet.",
        by=_SYSTEM,
        key="details",
        carries=group(
            balance_=money(112_500),
            parts_=_PARTS,
            product_=open_code("personal_loan"),
            days_past_due_=count(64),
            as_of_=moment(),
        ),
    ),
    event(
        "account.updated",
        "The case system changed an account: details, lines or the person's data.",
        by=_SYSTEM,
        key="details",
        carries=group(changed=items(open_code("lines"), most=40), balance_=money(112_500), as_of_=moment()),
    ),
    event(
        "account.viewed",
        "The debtor saw what is owed and why, for the first time in this session.",
        by=("debtor", "counselor"),
        key="view",
        carries=group(balance_=money(112_500), as_of_=moment(), grant_=opaque("grt_01HZY3")),
    ),
    event(
        "account.re_aged",
        "A plan was kept as long as it says, so the account counts as up to date: its days past due are 0.",
        by=("system",),
        key="re_age",
        carries=group(
            agreement=opaque("agr_01HZY3"),
            payments=count(3),
            days_past_due_before=count(240),
            days_past_due=count(0),
        ),
    ),
    event(
        "account.re_age_undone",
        "An account is as late as it would be without its re-age: a payment went back, or staff took it back.",
        by=("system", "staff"),
        key="re_age",
        carries=group(
            agreement=opaque("agr_01HZY3"),
            cause=open_code("payment_went_back"),
            days_past_due=count(240),
        ),
    ),
    event(
        "account.held",
        "Contact or collection on an account stopped for a cause.",
        by=("debtor", "counselor", *_SYSTEM),
        key="hold",
        carries=group(
            id_=opaque("hld_01HZY3"),
            cause=_CAUSE,
            stops_=items(code("contact", "interest", "payments", "plan", "all"), most=5),
            until_=day("2027-01-30"),
            case_=opaque("cas_01HZY3"),
        ),
    ),
    event(
        "account.released",
        "A hold on an account ended.",
        by=("debtor", "counselor", *_SYSTEM),
        key="hold",
        carries=group(id_=opaque("hld_01HZY3"), cause=_CAUSE, reason_=open_code("answered")),
    ),
    event(
        "account.recalled",
        "The lender took an account back; the portal shows a neutral page for it.",
        by=_SYSTEM,
        key="recall",
        carries=group(reason_=open_code("sold"), is_forced_=flag(), balance_=money(112_500)),
    ),
    event(
        "account.balance_changed",
        "What is owed on an account changed outside the portal.",
        by=_SYSTEM,
        key="balance",
        carries=group(
            before=money(112_500),
            after=money(92_500),
            difference_=money(-20_000),
            parts_=_PARTS,
            reason_=open_code("payment_elsewhere"),
            as_of_=moment(),
            effect_=code("none", "keep", "requote", "freeze"),
            import_=opaque("imp_01HZY3"),
        ),
    ),
    event(
        "import.finished",
        "A file of accounts was read: how many rows were taken, changed nothing, or were sent back.",
        by=_SYSTEM,
        scope="lender",
        carries=group(
            id=opaque("imp_01HZY3"),
            kind_=open_code("accounts"),
            file_digest_=digest(),
            rows=count(4_521),
            created_=count(4_480),
            updated_=count(31),
            unchanged_=count(0),
            kept_=count(0),
            rejected_=count(10),
            missing_=count(3),
            duration_ms_=count(5_210),
        ),
    ),
    event(
        "import.undone",
        "An import was taken back before anybody was contacted.",
        by=_SYSTEM,
        scope="lender",
        carries=group(id=opaque("imp_01HZY3"), accounts_=count(4_480), reason_=open_code("wrong_file")),
    ),
)
