"""`portal evidence`: a file is checked without a database, a log is walked where the database is."""

import base64
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from portal.actions.evidence.seal_log import seal_log
from portal.cli import keys as keys_command
from portal.cli.main import main
from portal.core.actors import SYSTEM
from portal.core.evidence.documents import write_growth, write_proof
from portal.gateways.archives import write_archive
from portal.gateways.log_keys import make_key_pairs
from portal.store import debtors, events, log_keys, proofs, sealing
from tests import build


@pytest.fixture
def told(work):
    """Seal eight events in two steps; gives the ids of the first ones."""
    ids = []
    for step in (1, 2):
        with work.begin() as tx:
            for number in range(4):
                payload = {"id": f"imp_{number}", "rows": number}
                ids.append(
                    events.append(tx, type="import.finished", actor=SYSTEM, at=build.NOW, payload=payload)
                )
        seal_log(work, make_keys=make_key_pairs, now=build.NOW + timedelta(minutes=2 * step))
    return ids


@pytest.fixture
def files(work, told, tmp_path):
    with work.read() as tx:
        (tmp_path / "proof.json").write_bytes(write_proof(proofs.prove_event(tx, event_id=told[2])))
        (tmp_path / "growth.json").write_bytes(write_growth(proofs.prove_growth(tx, old_size=4, new_size=9)))
        (tmp_path / "head.txt").write_text(sealing.find_newest_checkpoint(tx).note)
        (tmp_path / "keys.txt").write_text(
            "".join(f"{key.write()}\n" for key in log_keys.list_public_keys(tx))
        )
    return tmp_path


@pytest.fixture
def environ(database_urls):
    secret = base64.b64encode(build.MASTER_KEY).decode()
    return {
        "PORTAL_ENV": "test",
        "DATABASE_URL": database_urls["app"],
        "PORTAL_MASTER_KEY": secret,
        "PORTAL_SECRET_KEY": secret,
    }


def run(*words, env=None):
    return CliRunner().invoke(main, ["evidence", *map(str, words)], env=env)


@pytest.mark.parametrize("name", ["proof.json", "growth.json", "head.txt"])
def test_a_genuine_file_is_said_to_be_and_one_flipped_byte_is_named(files, name):
    answer = run("verify", files / name, "--keys", files / "keys.txt")
    assert answer.exit_code == 0, answer.output
    assert answer.output.startswith("GENUINE")
    content = bytearray((files / name).read_bytes())
    content[len(content) // 2] ^= 1
    (files / name).write_bytes(content)
    answer = run("verify", files / name, "--keys", files / "keys.txt")
    assert answer.exit_code == 1
    assert answer.output.startswith("NOT GENUINE")


def test_without_trusted_keys_it_says_what_that_means(files):
    answer = run("verify", files / "proof.json")
    assert answer.exit_code == 0
    assert "import.finished at 2026-12-01T09:30:00.000000Z" in answer.output
    assert "rests on these keys" in answer.output
    answer = run("verify", files / "head.txt")
    assert answer.exit_code == 1, "a head alone cannot say whose it is"


def test_nonsense_is_a_clear_no(files, tmp_path):
    for content in (b"", b"\xff\xfe", b"{}", b"{\n", b"hello", b"x" * 3_000_000):
        (tmp_path / "odd").write_bytes(content)
        answer = run("verify", tmp_path / "odd")
        assert answer.exit_code == 1
        assert answer.output.startswith("NOT GENUINE")
    assert run("verify", files / "proof.json", "--keys", files / "proof.json").exit_code == 1


def test_a_log_is_walked_and_the_first_bad_place_is_named(
    work, lender, told, environ, database_urls, tmp_path
):
    answer = run("monitor", "--lender", lender.slug, env=environ)
    assert answer.output == "As sealed: 9 events under 2 checkpoints.\n", answer.output
    kept = run("checkpoints", "--lender", lender.slug, env=environ).output
    (tmp_path / "kept").write_text(kept)
    assert run("monitor", "--lender", lender.slug, "--witness", tmp_path / "kept", env=environ).exit_code == 0
    assert run("keys", "--lender", lender.slug, env=environ).output.count("\n") == 2
    engine = create_engine(database_urls["owner"].replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as owner:
        owner.execute(text(f"SET LOCAL app.lender_id = '{work.lender_id}'"))
        owner.execute(text("UPDATE events SET type = 'import.undone' WHERE id = :id"), {"id": told[5]})
    engine.dispose()
    answer = run("monitor", "--lender", lender.slug, env=environ)
    assert answer.exit_code == 1
    assert answer.output.startswith("NOT AS SEALED: event, index 6:"), (
        "the first checkpoint's own event is index 4"
    )
    assert run("monitor", "--lender", "nobody", env=environ).exit_code == 1


def test_a_pack_is_said_to_be_genuine_or_what_was_altered(tmp_path):
    (tmp_path / "odd.zip").write_bytes(b"PK\x03\x04 nothing")
    answer = run("verify", tmp_path / "odd.zip")
    assert answer.exit_code == 1
    assert "archive" in answer.output
    (tmp_path / "empty.zip").write_bytes(write_archive({"keys.txt": b""}))
    answer = run("verify", tmp_path / "empty.zip")
    assert answer.exit_code == 1
    assert "manifest.json is missing" in answer.output


def test_keys_and_erasure_by_command(work, lender, environ, monkeypatch):
    debtor_id = build.a_debtor(work)
    with work.read() as tx:
        ref = debtors.find_debtor(tx, debtor_id=debtor_id).debtor_ref

    def call(*words):
        return CliRunner().invoke(main, list(words), env=environ)

    monkeypatch.setattr(keys_command, "CIPHER_SECONDS", 0.01)
    answer = call("keys", "rotate", "--lender", lender.slug)
    assert answer.exit_code == 0, answer.output
    assert "Data key 3 seals from now on" in answer.output
    assert "debtors.full_name: 1 values" in answer.output
    assert (
        call("keys", "reseal", "--lender", lender.slug).output == "0 values were put under the newest key.\n"
    )
    assert call("keys", "list", "--lender", lender.slug).output.count("HPKE-MLKEM768X25519") == 4
    answer = call("erase", ref, "--lender", lender.slug)
    assert answer.output.startswith("erased: email, monthly_income, budgets, devices, name"), answer.output
    assert call("erase", "dbt_nobody", "--lender", lender.slug).exit_code == 1
