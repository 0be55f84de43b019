import json

from portal.core.agreements.signing_log import LABELS, log_facts, log_json, log_rows, signing_log
from portal.core.agreements.terms import text_hash

ENTRIES = [
    {"act": "prepared", "at": "2026-12-01T09:30:00+00:00"},
    {"act": "signed", "at": "2026-12-01T09:40:12.500+00:00", "address": "203.0.113.9", "device": "A phone"},
]


def a_log(**changes):
    plain = {
        "agreement_ref": "agr_1",
        "version": 1,
        "language": "th",
        "terms_json": '{"a":1}',
        "html": "<article>ข้อตกลง</article>",
        "hashes_before": (text_hash('{"a":1}'), text_hash("<article>ข้อตกลง</article>")),
        "text_versions": {"clauses": "2026-11-24", "pack": "th-1"},
        "entries": ENTRIES,
    }
    return signing_log(**plain | changes)


def test_hashes_before_and_after_are_equal_unless_something_changed():
    log = a_log()
    assert log["before"] == log["after"]
    changed = a_log(html="<article>other</article>")
    assert changed["before"]["html_sha256"] != changed["after"]["html_sha256"]
    assert changed["before"]["digest"] != changed["after"]["digest"]
    assert changed["before"]["terms_sha256"] == changed["after"]["terms_sha256"]


def test_a_person_reads_when_what_and_from_where():
    labels = {name: name.upper() for name in LABELS}
    rows = log_rows(a_log(), labels=labels)
    assert rows == [
        ("2026-12-01 09:30:00 UTC", "ACT_PREPARED", ""),
        ("2026-12-01 09:40:12 UTC", "ACT_SIGNED", "203.0.113.9; A phone"),
    ]
    facts = dict(log_facts(a_log(), labels=labels))
    assert facts["TERMS_HASH, BEFORE"] == facts["TERMS_HASH, AFTER"] == text_hash('{"a":1}')
    assert (facts["TEXTS"], facts["RULES"]) == ("2026-11-24", "th-1")


def test_a_log_without_words_still_names_its_acts():
    assert [row[1] for row in log_rows(a_log(), labels={})] == ["prepared", "signed"]


def test_the_attached_text_is_json_with_everything():
    log = json.loads(log_json(a_log()))
    assert log["entries"] == ENTRIES
    assert (log["texts"], log["rules"], log["version"]) == ("2026-11-24", "th-1", 1)
