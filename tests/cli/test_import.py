import base64

import pytest
from click.testing import CliRunner

from portal.cli.import_ import command
from tests import build

HEADER = (
    "account_ref,creditor,product,debtor_ref,full_name,date_of_birth,phone,language,country,time_zone,currency,"
    "principal,interest,fees,annual_rate_percent,opened_on,delinquent_since,status\n"
)
GOOD = (
    "A-1,Tamarind,card,P-1,Ana Lima,1980-05-04,+5511972744109,pt-BR,BR,America/Sao_Paulo,BRL,"
    "100.00,5.00,0.00,18,2024-10-03,2025-07-30,arrears\n"
)
BAD = GOOD.replace("A-1", "A-2").replace("1980-05-04", "2523-05-04").replace("100.00", "R$ 100.00")


@pytest.fixture
def run(database_urls, lender, monkeypatch, tmp_path):
    for name, value in {
        "PORTAL_ENV": "test",
        "DATABASE_URL": database_urls["app"],
        "PORTAL_BULK_DATABASE_URL": database_urls["bulk"],
        "PORTAL_MASTER_KEY": base64.b64encode(build.MASTER_KEY).decode(),
    }.items():
        monkeypatch.setenv(name, value)

    lowered = []
    monkeypatch.setattr(
        "os.nice", lowered.append
    )  # what it is told here would last for all tests that follow

    def call(text, *options):
        file = tmp_path / "accounts.csv"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        done = CliRunner().invoke(command, [str(file), "--lender", lender.slug, *options])
        assert lowered == [10], "the pages go first"
        lowered.clear()
        return done

    return call


def test_a_good_file_ends_with_0_and_says_what_happened(run):
    done = run(HEADER + GOOD)
    assert done.exit_code == 0, done.output
    assert "1  accounts created" in done.output
    again = run(HEADER + GOOD)
    assert again.exit_code == 0
    assert "imported before" in again.output
    assert "Nothing changed." in again.output


def test_bad_rows_end_with_1_and_are_named_by_row_column_and_reason(run):
    done = run(HEADER + GOOD + BAD)
    assert done.exit_code == 1
    assert (
        "Row 3 date_of_birth “2523-05-04”: The year is of the Buddhist era. Write 1980-05-04" in done.output
    )
    assert "Row 3 principal “R$ 100.00”: It holds a currency sign or letters. Write 100.00" in done.output


def test_a_dry_run_keeps_nothing(run):
    assert "nothing was kept" in run(HEADER + GOOD, "--dry-run").output
    assert "1  accounts created" in run(HEADER + GOOD).output


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no rows"),
        (HEADER.replace("status", "state") + GOOD, "Columns are missing: status"),
        (HEADER + GOOD + 'A-9,"open', "never closed"),
        (b"%PDF-1.7\x00\x00\x00\x00", "not text"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_2(run, text, words):
    done = run(text)
    assert done.exit_code == 2
    assert words in done.output


def test_a_column_can_have_another_name(run):
    text = HEADER.replace("status", "Estado da conta") + GOOD
    assert run(text, "--map", "estado da conta=status").exit_code == 0
    assert run(text, "--map", "estado da conta").exit_code == 2
    assert run(text).exit_code == 0, "the mapping is remembered"


def test_an_unknown_lender_is_named(run):
    assert "no lender called" in run(HEADER + GOOD, "--lender", "nobody").output


def test_dates_in_another_order_are_hinted_at_before_the_rows(run):
    brazilian = GOOD.replace("1980-05-04", "24/05/1980").replace("2024-10-03", "23/10/2024")
    done = run(HEADER + brazilian)
    assert done.exit_code == 1
    assert "Hint: 2 dates read well as dmy. Try again with --date-order dmy." in done.output
    assert done.output.index("Hint:") < done.output.index("Row 2")


def test_a_whole_file_counts_what_it_lacks(run):
    run(HEADER + GOOD)
    done = run(HEADER + GOOD.replace("A-1", "A-2"), "--whole")
    assert "1  open accounts that the file lacks" in done.output
