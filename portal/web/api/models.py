"""What the API takes and gives, as the OpenAPI document shows it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import core_schema

from portal.core.holds import ADJUSTMENT_REASONS, CAUSES, RECALL_REASONS

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Ref = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}$")]
Text = Annotated[str, StringConstraints(max_length=300)]
MINOR_MAX = 10**15


class OneOf:
    """One of some words that another floor owns: in the document and at the door what a Literal of them would be."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> core_schema.CoreSchema:
        """Answer pydantic's question what may stand here."""
        return core_schema.literal_schema(list(self.words))


class Strict(BaseModel):
    """Unknown fields are refused, so that a spelling mistake never passes for silence."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)


class Money(Strict):
    """An amount in whole minor units of a currency of ISO 4217."""

    minor: Annotated[int, Field(strict=True, ge=-MINOR_MAX, le=MINOR_MAX, examples=[12345])]
    currency: Annotated[Currency, Field(examples=["USD"])]


class DebtorBody(Strict):
    """The person who owes, as the case system knows them. Stored encrypted."""

    ref: Annotated[Ref, Field(description="Your reference of the person.", examples=["P-00001"])]
    full_name: Annotated[Text, Field(examples=["Megan Smith"])]
    date_of_birth: date | None = None
    id_last4: Text | None = None
    phone: Annotated[Text | None, Field(examples=["+12015550105"])] = None
    email: Text | None = None
    language: Annotated[Text, Field(description="BCP 47", examples=["en"])]
    country: Annotated[Text, Field(description="ISO 3166", examples=["US"])]
    region: Text | None = None
    time_zone: Annotated[Text, Field(description="IANA", examples=["America/New_York"])]
    stated_monthly_income: Money | None = None


class LineBody(Strict):
    """One addition or subtraction of the itemization; the lines of an account sum to its balance."""

    kind: Literal["principal", "interest", "fees", "penalty", "payment", "credit", "waiver"]
    label_key: Annotated[
        Code, Field(description="Names the text that the debtor reads.", examples=["late_fee"])
    ]
    on_date: date | None = None
    amount: Money


class AccountBody(Strict):
    """An account with its debtor and, if you have them, its lines."""

    creditor: Annotated[Ref, Field(description="Reference or brand name of the creditor.")]
    product: Annotated[Ref, Field(examples=["card"])]
    currency: Annotated[Currency, Field(examples=["USD"])]
    principal: Money
    interest: Money
    fees: Money
    original_amount: Money | None = None
    annual_rate_percent: Annotated[Text, Field(description="A decimal number as text.", examples=["14.07"])]
    opened_on: date
    delinquent_since: Annotated[
        date | None, Field(description="Empty: not overdue, nobody is contacted.")
    ] = None
    last_payment_on: date | None = None
    status: Literal["current", "arrears", "closed"]
    debtor: DebtorBody
    lines: Annotated[list[LineBody] | None, Field(max_length=200)] = None


class LineView(BaseModel):
    kind: str
    label_key: str
    on_date: date | None
    amount: Money


class HoldView(BaseModel):
    id: str
    cause: str
    since: datetime
    until: datetime | None


class DebtorView(BaseModel):
    ref: str
    id: str
    language: str


class AccountView(BaseModel):
    """An account as the portal has it; personal data is never shown here."""

    ref: str
    creditor: str
    debtor: DebtorView
    product: str
    state: Literal["open", "settled", "recalled", "closed"]
    balance: Money
    principal: Money
    interest: Money
    fees: Money
    original_amount: Money
    annual_rate_percent: str
    opened_on: date
    delinquent_since: date | None
    last_payment_on: date | None
    as_of: datetime
    lines: list[LineView] | None = None
    holds: list[HoldView] | None = None


class AccountPage(BaseModel):
    accounts: list[AccountView]
    next: Annotated[str | None, Field(description="The `after` of the next page; null on the last one.")]


class AdjustmentBody(Strict):
    component: Literal["principal", "interest", "fees"]
    amount: Annotated[Money, Field(description="Below zero takes from what is owed.")]
    reason: Annotated[str, OneOf(ADJUSTMENT_REASONS)]
    on_date: date | None = None
    reference: Annotated[
        Ref | None, Field(description="Your own number of it: told twice, it is booked once.")
    ] = None


class HoldBody(Strict):
    cause: Annotated[str, OneOf(CAUSES)]
    until: AwareDatetime | None = None


class ReleaseBody(Strict):
    cause: Annotated[str, OneOf(CAUSES)]
    reason: Annotated[Code, Field(examples=["answered"])] = "released"


class RecallBody(Strict):
    reason: Annotated[str, OneOf(RECALL_REASONS)]
    force: Annotated[bool, Field(strict=True, description="Recall although a guard stands in the way.")] = (
        False
    )


class LinkBody(Strict):
    """Nothing to say yet: the link goes by text message to the number on file."""


class LinkView(BaseModel):
    state: Literal["sent", "queued", "suppressed", "no_number", "failed", "unknown"]
    segments: int
    due_at: datetime | None
    reason: str | None


class RejectView(BaseModel):
    row: int
    column: str | None
    value: str
    reason: str
    detail: str
    fix: str


class ImportView(BaseModel):
    """What became of a file."""

    id: str | None
    kind: Literal["accounts", "transactions", "lines", "recalls"]
    state: Literal["waiting", "running", "finished", "checked", "refused", "undone"]
    counts: dict[str, Any]
    reading: dict[str, Any]
    imported_before: datetime | None = None
    rejects: list[RejectView]
    rejects_csv: str | None


class EventView(BaseModel):
    """An event as the webhook tells it, with its place in the log."""

    position: int
    id: str
    event: Annotated[dict[str, Any], Field(description="The body of the webhook.")]


class EventPage(BaseModel):
    events: list[EventView]
    next: Annotated[int, Field(description="The `after` of the next call.")]


class LogKeyView(BaseModel):
    """A key that signs, or once signed, the log; `line` is all that a verifier needs."""

    line: str
    algorithm: Literal["ed25519", "ml-dsa-65"]
    key_id: str
    created_at: datetime
    retired_at: datetime | None


class LogKeys(BaseModel):
    origin: Annotated[str, Field(description="The log's name, which is also the name of its keys.")]
    keys: list[LogKeyView]


class TimeStampView(BaseModel):
    authority: str
    stamped_at: datetime
    token: Annotated[str, Field(description="RFC 3161 token over the note's text, DER in base64.")]


class CheckpointView(BaseModel):
    """A signed head of the log."""

    size: int
    root: str
    sealed_at: datetime
    note: Annotated[str, Field(description="The signed note (C2SP).")]
    time_stamp: TimeStampView | None


class CheckpointPage(BaseModel):
    checkpoints: list[CheckpointView]
    next: Annotated[int | None, Field(description="The `after` of the next page.")]


class FieldProblem(BaseModel):
    field: str
    reason: str
    detail: str
    fix: str


class Problem(BaseModel):
    """RFC 9457: what is wrong, with which field, and what to do."""

    type: str
    title: str
    status: int
    detail: str | None = None
    reference: str
    errors: list[FieldProblem] | None = None
