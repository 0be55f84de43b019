"""The line items of a Checkout Session."""

from typing import Any

from portal.simulators.stripe import forms
from portal.simulators.stripe.errors import ApiError, missing
from portal.simulators.stripe.forms import Params
from portal.simulators.stripe.money import read_currency
from portal.simulators.stripe.vault import Thing, new_id


def read_items(params: Params) -> list[Thing]:
    items = [_line_item(item, place) for place, item in enumerate(forms.listing(params, "line_items"))]
    if not items:
        raise missing("line_items")
    if len({item["currency"] for item in items}) > 1:
        raise ApiError("All line items must have the same currency.", param="line_items")
    return items


def _line_item(item: Any, place: int) -> Thing:
    if not isinstance(item, dict):
        raise ApiError("Invalid object", param=f"line_items[{place}]")
    price = forms.mapping(item, "price_data")
    if not price:
        text = "This test provider keeps no price list: send price_data."
        raise ApiError(text, code="parameter_missing", param=f"line_items[{place}][price_data]")
    currency = read_currency(price)
    amount = forms.integer(price, "unit_amount")
    if amount is None or amount < 0:
        raise missing(f"line_items[{place}][price_data][unit_amount]")
    quantity = forms.integer(item, "quantity")
    if quantity is None or quantity < 1:
        raise missing(f"line_items[{place}][quantity]")
    product = forms.mapping(price, "product_data")
    name = forms.required(product, "name")
    return {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount * quantity,
        "amount_tax": 0,
        "amount_total": amount * quantity,
        "currency": currency,
        "description": name,
        "price": {
            "id": new_id("price"),
            "object": "price",
            "currency": currency,
            "unit_amount": amount,
            "type": "one_time",
        },
        "quantity": quantity,
    }
