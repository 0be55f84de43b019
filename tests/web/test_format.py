import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import g

from portal.core.money import Money
from portal.web import beads, language
from portal.web import format as figures
from portal.web.beads import Bead
from portal.web.context import Brand

NB = "\N{NO-BREAK SPACE}"


@pytest.fixture
def speaking(app):
    """Run in a request of one language."""
    with app.test_request_context("/"):

        def speak(tag):
            g.language = language.languages()[tag]
            g.catalog = language._catalogs().loaded["en"]

        speak("en")
        yield speak


@pytest.mark.parametrize(
    ("tag", "minor", "currency", "text"),
    [
        ("en", 141640, "USD", "$1,416.40"),
        ("en", -2500, "USD", "−$25.00"),
        ("en", 0, "GBP", "£0.00"),
        ("en", 123450, "TWD", "NT$1,234.50"),
        ("zh-Hant", 123450, "TWD", "NT$1,234.50"),
        ("es", 123450, "MXN", "MX$1,234.50"),
        ("es", 123450, "USD", f"USD{NB}1,234.50"),
        ("id", 123456700, "IDR", f"Rp{NB}1.234.567"),
        ("id", 123456750, "IDR", f"Rp{NB}1.234.567,50"),
        ("vi", 1500000, "VND", f"1.500.000{NB}₫"),
        ("en", 1234567, "KWD", f"KWD{NB}1,234.567"),
        ("en", 500, "THB", f"THB{NB}5.00"),
        ("th", 500, "THB", "฿5.00"),
        ("zh-Hans", 123456, "CNY", "¥1,234.56"),
        ("pt-BR", 123456, "BRL", f"R${NB}1.234,56"),
        ("hi", 123456789, "INR", "₹12,34,567.89"),
        ("en", 123450, "HUF", f"HUF{NB}1,234.50"),
        ("en", 1234, "JPY", "¥1,234"),
        ("fr", 123450, "EUR", "1\u202f234,50\xa0€"),
    ],
)
def test_money(speaking, tag, minor, currency, text):
    speaking(tag)
    assert figures.money_text(Money(minor, currency)) == text


def test_arabic_money_keeps_its_figure_and_sign_together(speaking):
    speaking("ar")
    assert figures.money_text(Money(141640, "AED")) == "\u200f1,416.40\xa0د.إ.\u200f"
    assert figures.money_text(Money(141640, "USD")) == "\u200f1,416.40\xa0US$\u200e"
    assert figures.signed_text(Money(-2500, "AED")) == f"\u200f\u2066−{NB}25.00\u2069\xa0د.إ.\u200f"


def test_signs_of_a_sum(speaking):
    assert figures.signed_text(Money(9460, "USD")) == f"+{NB}$94.60"
    assert figures.signed_text(Money(-2500, "USD")) == f"−{NB}$25.00"


@pytest.mark.parametrize("tag", [language.tag for language in language.languages().values()])
def test_dates_name_the_month(speaking, tag):
    speaking(tag)
    for write in (figures.day_text, figures.short_day_text, figures.month_day_text):
        text = write(date(2027, 3, 5))
        assert not re.fullmatch(r"[\d\s/.\-]+", text), text
        assert "/" not in text


def test_thai_dates_carry_both_years(speaking):
    speaking("th")
    assert figures.day_text(date(2029, 1, 15)) == "15 มกราคม พ.ศ. 2572 (ค.ศ. 2029)"
    assert figures.short_day_text(date(2029, 1, 15)) == "15 ม.ค. 2572 (2029)"


def test_a_moment_is_told_in_the_zone_of_the_letterhead(speaking):
    g.brand = Brand(name="Northwind", time_zone="Asia/Bangkok")
    assert (
        figures.moment_text(datetime(2026, 11, 24, 1, 5, tzinfo=UTC)) == "November 24, 2026 at 8:05\u202fAM"
    )
    with pytest.raises(ValueError, match="zone"):
        figures.moment_text(datetime(2026, 11, 24, 1, 5))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("rate", "text"),
    [("0.06", "6%"), ("0.0625", "6.25%"), ("0.18", "18%"), ("0.123456", "12.35%"), ("0", "0%")],
)
def test_percent(speaking, rate, text):
    assert figures.percent_text(Decimal(rate)) == text


def test_counts_and_cycles(speaking):
    assert [figures.times_text(count) for count in (1, 2, 1260)] == ["once", "2 times", "1,260 times"]
    assert figures.frequency_text("monthly") == "a month"
    with pytest.raises(KeyError):
        figures.frequency_text("daily")


def test_filters_keep_their_order_in_any_sentence(app, speaking):
    drawn = app.jinja_env.from_string("{{ m|money }} {{ n|bdi }}").render(
        m=Money(100, "USD"), n="<b>AB-1</b>"
    )
    assert drawn == "<bdi>$1.00</bdi> <bdi>&lt;b&gt;AB-1&lt;/b&gt;</bdi>"


def monthly(count, *, paid=0):
    states = ["paid"] * paid + ["next"] + ["later"] * count
    return [
        Bead(due_on=date(2026 + (11 + at) // 12, (11 + at) % 12 + 1, 15), state=states[at])
        for at in range(count)
    ]


def test_beads_by_the_year(speaking):
    string = beads.bead_rows(monthly(26, paid=1))
    assert [row.label for row in string.rows] == ["2026", "2027", "2028", "2029"]
    assert string.rows[0].beads == ("no",) * 11 + ("on first",)
    assert string.rows[1].beads[0] == "now"
    assert string.rows[3].beads[0] == "end"
    assert string.initials == tuple("JFMAMJJASOND")
    assert sum(mark != "no" for row in string.rows for mark in row.beads) == 26


def test_one_bead_and_none(speaking):
    assert beads.bead_rows([]).rows == ()
    assert "now sole" in beads.bead_rows(monthly(1)).rows[0].beads


def test_weekly_beads_lose_none(speaking):
    weekly = [Bead(due_on=date.fromordinal(date(2026, 12, 3).toordinal() + 7 * at)) for at in range(110)]
    string = beads.bead_rows(weekly)
    assert string.is_weekly
    assert sum(mark != "no" for row in string.rows for mark in row.beads) == 110
    assert {len(row.beads) for row in string.rows} == {13}


def test_a_payment_moved_before_a_weekend_keeps_its_month(speaking):
    days = [
        date(2026, 12, 1),
        date(2026, 12, 31),
        date(2027, 2, 1),
        date(2027, 3, 1),
        date(2027, 3, 31),
        date(2027, 4, 30),
    ]
    string = beads.bead_rows([Bead(due_on=day) for day in days])
    assert string.rows[0].beads == ("no",) * 11 + ("first",)
    assert string.rows[1].beads == ("", "", "", "", "end") + ("no",) * 7


def test_four_weekly_beads_make_rows_of_thirteen(speaking):
    string = beads.bead_rows(
        [Bead(due_on=date.fromordinal(date(2027, 1, 4).toordinal() + 28 * at)) for at in range(39)]
    )
    assert (string.is_weekly, len(string.rows)) == (True, 3)


def test_long_strings_show_their_ends(speaking):
    string = beads.bead_rows(monthly(12 * 20))
    assert len(string.rows) == 5
    assert string.rows[3].between == "17 more rows"


def test_thai_rows_carry_the_buddhist_year(speaking):
    speaking("th")
    assert beads.bead_rows(monthly(2)).rows[0].label == "2569"
