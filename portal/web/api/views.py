"""From what the store knows to what the API shows, and the small words of an address back."""

import hashlib
from datetime import datetime
from decimal import Decimal

from flask import Response, request

from portal.core.imports.faults import CellError
from portal.core.imports.texts import LENGTHS, read_text
from portal.store import account_pages, accounts
from portal.store.account_pages import AccountCard
from portal.store.debtors import new_ref
from portal.store.work import Work
from portal.web.api.models import AccountView, DebtorView, HoldView, LineView, Money
from portal.web.api.problems import RefusedError, not_found, refuse_field


def account_ref(text: str) -> str:
    """Read a reference out of an address; what cannot be one does not exist."""
    try:
        return read_text(text, LENGTHS["account_ref"])
    except CellError:
        raise not_found("account") from None


def load_account(work: Work, ref: str, *, now: datetime) -> AccountView | None:
    with work.read() as tx:
        card = account_pages.find_card(tx, account_ref=ref)
        if card is None:
            return None
        lines = accounts.list_lines(tx, account_id=card.account_id)
        holds = accounts.list_holds(tx, account_id=card.account_id, now=now)
    view = account_view(card)
    view.lines = [
        LineView(
            kind=line.kind,
            label_key=line.label_key,
            on_date=line.on_date,
            amount=Money(minor=line.amount_minor, currency=card.currency),
        )
        for line in lines
    ]
    view.holds = [
        HoldView(id=new_ref("hld", hold.hold_id), cause=hold.kind, since=hold.since, until=hold.until)
        for hold in sorted(holds, key=lambda one: one.since)
    ]
    return view


def account_view(card: AccountCard) -> AccountView:
    def money(minor: int) -> Money:
        return Money(minor=minor, currency=card.currency)

    return AccountView(
        ref=card.account_ref,
        creditor=card.creditor_ref,
        debtor=DebtorView(ref=card.source_ref, id=card.debtor_ref, language=card.language),
        product=card.product,
        state=card.state,  # type: ignore[arg-type]
        balance=money(card.principal_minor + card.interest_minor + card.fees_minor),
        principal=money(card.principal_minor),
        interest=money(card.interest_minor),
        fees=money(card.fees_minor),
        original_amount=money(card.original_minor),
        annual_rate_percent=f"{(card.annual_rate * 100).normalize():f}"
        if card.annual_rate
        else str(Decimal(0)),
        opened_on=card.opened_on,
        delinquent_since=card.delinquent_since,
        last_payment_on=card.last_payment_on,
        as_of=card.as_of,
    )


def plain(text: str, what: str) -> str:
    """Read one of our own references out of an address; what cannot be one does not exist."""
    if not (text.isascii() and text.isprintable() and len(text) <= 80):
        raise not_found(what)
    return text


# ---- tags: what changes when anything that is shown does


def tagged(response: Response) -> Response:
    """Put the tag of what is shown on an answer."""
    response.headers["ETag"] = f'"{hashlib.sha256(response.get_data()).hexdigest()[:32]}"'
    return response


def unless_known(response: Response) -> Response:
    """Answer 304 to who has this very state already."""
    if response.headers["ETag"] in _tags("If-None-Match"):
        return Response(status=304, headers={"ETag": response.headers["ETag"]})
    return response


def check_match(tag: str | None) -> None:
    """Refuse a PUT that was made from another state than today's, None where there is none; raises RefusedError."""
    if "If-Match" not in request.headers:
        return
    tags = _tags("If-Match")
    if tag is None or (tag not in tags and "*" not in tags):
        raise RefusedError(
            412, "It has changed", detail="Read it again, then send the change with its new ETag."
        )


def _tags(header: str) -> list[str]:
    return [tag.strip() for tag in request.headers.get(header, "").split(",")]


def number_of(name: str, *, default: int, highest: int, lowest: int = 1) -> int:
    """Read a whole number of the address; raises RefusedError (400)."""
    text = request.args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and lowest <= int(text) <= highest):
        raise refuse_field(
            name, "range", "This is not a number in range.", f"Send {lowest} to {highest}.", status=400
        )
    return int(text)


def word_of(name: str, words: tuple[str, ...]) -> str | None:
    """Read one of some words of the address; raises RefusedError (400)."""
    text = request.args.get(name)
    if text is not None and text not in words:
        raise refuse_field(
            name, "unknown", "This word is not known.", f"Send one of {', '.join(words)}.", status=400
        )
    return text


def text_of(name: str, longest: int) -> str | None:
    """Read a short text of the address; raises RefusedError (400)."""
    text = request.args.get(name)
    if text is not None and not 0 < len(text) <= longest:
        fix = f"Send 1 to {longest} characters."
        raise refuse_field(name, "format", "This text cannot be read.", fix, status=400)
    return text
