"""The green counter counts what would have been a letter, and nothing else."""

from datetime import UTC, date, datetime

from portal.core.green import month_of, pages_of


def test_pages_by_kind():
    kinds = ("agreement", "receipt", "letter", "agreement_seal", "evidence_pack_limited")
    assert [pages_of(kind) for kind in kinds] == [4, 1, 0, 0, 0]


def test_a_month_is_its_first_day():
    assert month_of(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == date(2026, 12, 1)
