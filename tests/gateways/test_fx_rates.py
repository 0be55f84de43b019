"""Rates out of a file and out of an address: the same document, and nothing where it cannot be trusted."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from portal.gateways.fx_rates import BYTES_MAX, DocumentRates, file_rates, http_rates

DOCUMENT = {
    "source": "European Central Bank",
    "base": "EUR",
    "at": "2026-11-24T15:00:00Z",
    "rates": {"USD": "1.25", "THB": 40, "JPY": 162.5, "BAD": "1", "GBP": "0", "CHF": "nan"},
}


def rates_of(document):
    return DocumentRates(lambda: document if isinstance(document, bytes) else json.dumps(document).encode())


@pytest.mark.parametrize(
    ("base", "other", "value"),
    [("EUR", "USD", "1.25"), ("USD", "EUR", "0.8"), ("USD", "THB", "32"), ("THB", "JPY", "4.0625")],
)
def test_a_rate_goes_over_the_base_and_names_its_source_and_time(base, other, value):
    rate = rates_of(DOCUMENT).find_rate(base=base, other=other)
    assert (rate.base, rate.other, rate.value) == (base, other, Decimal(value))
    assert (rate.source, rate.at) == ("European Central Bank", datetime(2026, 11, 24, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    ("base", "other"), [("EUR", "EUR"), ("EUR", "BAD"), ("EUR", "GBP"), ("EUR", "CHF"), ("EUR", "SEK")]
)
def test_what_is_no_rate_gives_none(base, other):
    assert rates_of(DOCUMENT).find_rate(base=base, other=other) is None


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        {},
        {**DOCUMENT, "at": "2026-11-24T15:00:00"},
        {**DOCUMENT, "at": 7},
        {**DOCUMENT, "rates": []},
        {**DOCUMENT, "base": None},
    ],
)
def test_a_document_that_cannot_be_read_gives_no_rate(document):
    assert rates_of(document).find_rate(base="EUR", other="USD") is None


def test_a_file_is_read_again_after_a_minute_and_may_be_missing(tmp_path):
    file = tmp_path / "rates.json"
    assert file_rates(str(file)).find_rate(base="EUR", other="USD") is None
    file.write_text(json.dumps(DOCUMENT))
    clock = [0.0]
    rates = DocumentRates(file.read_bytes, seconds=lambda: clock[0])
    assert rates.find_rate(base="EUR", other="USD").value == Decimal("1.25")
    file.write_text(json.dumps({**DOCUMENT, "rates": {"USD": "1.5"}}))
    assert rates.find_rate(base="EUR", other="USD").value == Decimal("1.25")
    clock[0] = 61.0
    assert rates.find_rate(base="EUR", other="USD").value == Decimal("1.5")


@pytest.mark.parametrize(
    ("status", "body", "is_there"),
    [
        (200, json.dumps(DOCUMENT).encode(), True),
        (500, b"{}", False),
        (302, b"", False),
        (200, b" " * (BYTES_MAX + 1), False),
    ],
)
def test_an_address_is_asked_and_believed_only_when_it_answers_well(status, body, is_there):
    asked = []

    def answer(request):
        asked.append(request.url.path)
        return httpx.Response(status, content=body, headers={"Location": "https://elsewhere.example/"})

    rates = http_rates(
        "https://rates.example/latest", client=httpx.Client(transport=httpx.MockTransport(answer))
    )
    assert (rates.find_rate(base="EUR", other="USD") is not None) is is_there
    rates.find_rate(base="EUR", other="THB")
    assert asked == ["/latest"]
    assert all(not path.startswith("https://elsewhere") for path in asked)


def test_an_address_that_does_not_answer_gives_no_rate():
    def fails(request):
        raise httpx.ConnectTimeout("late", request=request)

    rates = http_rates("https://rates.example/", client=httpx.Client(transport=httpx.MockTransport(fails)))
    assert rates.find_rate(base="EUR", other="USD") is None
