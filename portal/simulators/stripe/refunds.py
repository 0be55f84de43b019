"""Charges, refunds and disputes: money that went in, and money that goes back."""

from portal.simulators.stripe import forms
from portal.simulators.stripe.errors import ApiError, missing, wrong_state
from portal.simulators.stripe.forms import Params
from portal.simulators.stripe.listing import listed, searched
from portal.simulators.stripe.methods import METHODS
from portal.simulators.stripe.money import show
from portal.simulators.stripe.operations import Call, fetching, operation
from portal.simulators.stripe.vault import Thing, Vault, new_id

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
CLOSED = ("won", "lost", "warning_closed")


def _charge_of(vault: Vault, params: Params) -> Thing:
    if named := forms.text(params, "charge"):
        return vault.get("charge", named, param="charge")
    if named := forms.text(params, "payment_intent"):
        intent = vault.get("payment_intent", named, param="payment_intent")
        charge = vault.find(intent["latest_charge"])
        if charge is None or not charge["paid"]:
            text = f"This PaymentIntent ({named}) does not have a successful charge to refund."
            raise wrong_state(text, "payment_intent_unexpected_state", param="payment_intent")
        return charge
    raise missing("payment_intent")


def _amount(charge: Thing, params: Params) -> int:
    left: int = charge["amount"] - charge["amount_refunded"]
    if left <= 0:
        raise wrong_state(f"Charge {charge['id']} has already been refunded.", "charge_already_refunded")
    amount = forms.integer(params, "amount")
    if amount is None:
        return left
    if amount < 1:
        text = "This value must be greater than or equal to 1."
        raise ApiError(text, code="parameter_invalid_integer", param="amount")
    if amount > left:
        asked, rest = show(amount, charge["currency"]), show(left, charge["currency"])
        text = f"Refund amount ({asked}) is greater than unrefunded amount on charge ({rest})"
        raise ApiError(text, param="amount", is_validation=False)
    return amount


def create_refund(call: Call) -> Thing:
    params, vault = call.params, call.vault
    charge = _charge_of(vault, params)
    if charge["disputed"]:
        raise wrong_state(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", "charge_disputed"
        )
    method = METHODS[charge["payment_method_details"]["type"]]
    if not method.is_refundable:
        raise wrong_state(f"{method.label} payments cannot be refunded.", "charge_not_refundable")
    amount = _amount(charge, params)
    status = "pending" if method.is_delayed else "succeeded"
    refund: Thing = {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": new_id("txn"),
        "charge": charge["id"],
        "created": vault.now(),
        "currency": charge["currency"],
        "metadata": forms.metadata(params),
        "payment_intent": charge["payment_intent"],
        "reason": forms.choice(params, "reason", REASONS),
        "receipt_number": None,
        "status": status,
    }
    vault.save(refund)
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    vault.save(charge)
    vault.emit("refund.created", refund)
    vault.emit("charge.refunded", charge, before)
    return refund


def settle_refund(vault: Vault, refund: Thing, *, is_paid: bool) -> Thing:
    """Let a refund that is under way arrive, or come back to us."""
    before = {"status": refund["status"]}
    refund["status"] = "succeeded" if is_paid else "failed"
    if not is_paid:
        refund["failure_reason"] = "lost_or_stolen_card"
        charge = vault.get("charge", refund["charge"])
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        vault.save(charge)
    vault.save(refund)
    vault.emit("refund.updated" if is_paid else "refund.failed", refund, before)
    vault.emit("charge.refund.updated", refund, before)
    return refund


def update_refund(call: Call) -> Thing:
    refund = call.vault.get("refund", call.id, status=404)
    refund["metadata"] = forms.metadata(call.params, refund["metadata"])
    return call.vault.save(refund)


def open_dispute(vault: Vault, charge: Thing, *, reason: str, amount: int | None = None) -> Thing:
    """Let the payer's bank take a payment back; the money leaves at once and returns when the dispute is won."""
    if not charge["paid"] or charge["disputed"]:
        raise wrong_state("Only a paid charge without a dispute can be disputed.", "charge_not_disputable")
    dispute: Thing = {
        "id": new_id("du"),
        "object": "dispute",
        "amount": amount or charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": vault.now(),
        "currency": charge["currency"],
        "evidence": {},
        "evidence_details": {
            "due_by": vault.now() + 7 * 86_400,
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "status": "needs_response",
    }
    vault.save(dispute)
    charge["disputed"] = True
    vault.save(charge)
    vault.emit("charge.dispute.created", dispute)
    vault.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(vault: Vault, dispute: Thing, *, is_won: bool) -> Thing:
    if dispute["status"] in CLOSED:
        raise wrong_state("This dispute is closed.", "dispute_closed")
    dispute["status"] = "won" if is_won else "lost"
    vault.save(dispute)
    if is_won:
        charge = vault.get("charge", dispute["charge"])
        charge["disputed"] = False
        vault.save(charge)
        vault.emit("charge.dispute.funds_reinstated", dispute)
    vault.emit("charge.dispute.closed", dispute)
    return dispute


def update_dispute(call: Call) -> Thing:
    dispute = call.vault.get("dispute", call.id, status=404)
    if dispute["status"] in CLOSED:
        raise wrong_state("This dispute is closed.", "dispute_closed")
    dispute["evidence"] |= forms.mapping(call.params, "evidence")
    dispute["metadata"] = forms.metadata(call.params, dispute["metadata"])
    dispute["evidence_details"]["has_evidence"] = bool(dispute["evidence"])
    if dispute["evidence"] and call.params.get("submit") != "false":
        dispute["status"] = "under_review"
        dispute["evidence_details"]["submission_count"] += 1
    call.vault.save(dispute)
    call.vault.emit("charge.dispute.updated", dispute)
    return dispute


def give_in(call: Call) -> Thing:
    return close_dispute(call.vault, call.vault.get("dispute", call.id, status=404), is_won=False)


OPERATIONS = (
    searched("charges", "charge"),
    fetching("charges", "charge"),
    listed("charges", "charge", "customer payment_intent transfer_group"),
    operation(
        "POST",
        "refunds",
        create_refund,
        "amount charge payment_intent reason metadata currency customer instructions_email origin "
        "refund_application_fee reverse_transfer",
    ),
    fetching("refunds", "refund"),
    operation("POST", "refunds/<id>", update_refund, "metadata"),
    listed("refunds", "refund", "charge payment_intent"),
    fetching("disputes", "dispute"),
    operation("POST", "disputes/<id>", update_dispute, "evidence metadata submit intended_submission_method"),
    operation("POST", "disputes/<id>/close", give_in),
    listed("disputes", "dispute", "charge payment_intent"),
)
