"""The page about speed names every benchmark in the benchmark's own words, and keeps what a run said."""

from datetime import date

from benchmarks import kept
from benchmarks.__main__ import main, names


def test_the_page_has_every_benchmark_in_its_own_words():
    page = kept.PAGE.read_text(encoding="utf-8")
    assert page == kept.write_page(names(), kept.read_kept())
    assert sorted(kept.read_kept()) == names()


def test_a_run_is_kept_with_its_date_and_others_stay(monkeypatch, tmp_path):
    page = tmp_path / "speed.md"
    page.write_text(
        kept.write_page(names(), {"imports": "2026-11-24\n\n```\none line\n```"}), encoding="utf-8"
    )
    monkeypatch.setattr(kept, "PAGE", page)
    kept.keep(names(), "menu", "another line   ok\n", on=date(2026, 12, 1))
    found = kept.read_kept()
    assert found["menu"] == "2026-12-01\n\n```\nanother line   ok\n```"
    assert "one line" in found["imports"]
    assert found["plans"] == kept.NOTHING


def test_an_unknown_benchmark_keeps_nothing(capsys):
    assert main(["nothing", "--keep"]) == 2
    assert "no benchmark nothing" in capsys.readouterr().out
