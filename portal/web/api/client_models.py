"""What a counselor's machine takes and gives. No name, phone or word of a client is in it."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from portal.core.calendar import PERIODS_PER_YEAR
from portal.core.grants import SCOPES
from portal.web.api.models import MINOR_MAX, Money, OneOf, Ref, Strict

MONTHS_MAX = 480
KINDS = ("restructure", "skills")
Words = Annotated[str, StringConstraints(max_length=1_000)]
Positive = Annotated[int, Field(strict=True, ge=0, le=MINOR_MAX)]


class SumBody(Strict):
    """An amount of 0 or more in whole minor units of the account's currency."""

    minor: Annotated[Positive, Field(examples=[120000])]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(examples=["USD"])]


class ClientView(BaseModel):
    """One consent: whose client it is, how far it goes, until when."""

    id: Annotated[str, Field(description="Names the client in every address below.")]
    grant: str
    lender: str
    scopes: list[Annotated[str, OneOf(SCOPES)]]
    until: date


class ClientPage(BaseModel):
    clients: list[ClientView]
    next: Annotated[str | None, Field(description="The `after` of the next page; null on the last one.")]


class ClientAccount(BaseModel):
    """An account of a client; what the consent does not cover is null."""

    ref: str
    currency: str
    balance: Annotated[Money | None, Field(description="With the scope `view`.")]
    agreement: Annotated[str | None, Field(description="The running plan, with the scope `view`.")]


class ProposalView(BaseModel):
    """A proposal and its answer. The client alone signs it."""

    id: str
    proposed_on: date
    answer: Literal["accept", "counter", "handoff"]
    reasons: Annotated[list[str], Field(description="Codes: why it is not as asked.")]
    offer: Annotated[str | None, Field(description="The firm offer that came of it.")]
    open_until: Annotated[
        date | None, Field(description="Until when the client can sign; null: not any more.")
    ]
    terms: Annotated[
        dict[str, Any] | None, Field(description="The offer's figures, as `offer.shown` has them.")
    ]


class ClientFile(ClientView):
    """A client as far as the consent goes. Opening it is told to the client and to the lender, once a day."""

    accounts: list[ClientAccount]
    left_over: Annotated[
        Money | None, Field(description="What the newest budget leaves in a month, with the scope `budget`.")
    ]
    proposals: Annotated[list[ProposalView] | None, Field(description="With the scope `propose`.")]


class BudgetBody(Strict):
    """Four figures of a month; they count as an adviser's."""

    account: Ref
    income: SumBody
    outgoings: SumBody
    savings: SumBody | None = None
    cash: Annotated[SumBody | None, Field(description="There at once for a first payment.")] = None


class BudgetView(BaseModel):
    left_over: Money


class ProposalBody(Strict):
    """What the client can pay; answered at once by the same rules as the client's own ask."""

    account: Ref
    payment: Annotated[SumBody, Field(description="Each payment.")]
    frequency: Annotated[str, OneOf(tuple(PERIODS_PER_YEAR))]
    months: Annotated[int | None, Field(strict=True, ge=1, le=MONTHS_MAX)] = None
    family: Annotated[str | None, OneOf((*KINDS, None)), Field(description="Empty: whatever fits.")] = None
    course: Annotated[Ref | None, Field(description="With the family `skills`: one of the open courses.")] = (
        None
    )
    words: Annotated[Words, Field(description="For a person at the lender, if one has to look.")] = ""
