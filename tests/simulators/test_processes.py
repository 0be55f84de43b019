"""Each outside party starts as a process of its own, says where it listens, and stops when told."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTIES = ("stripe", "inbox", "case_system", "training", "qr")
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@contextmanager
def started(party, *arguments, **environ):
    command = [sys.executable, "-m", f"portal.simulators.{party}", "--port", "0", *arguments]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "STRIPE_"))}
    child = subprocess.Popen(command, cwd=ROOT, env={**env, **environ}, stdout=subprocess.PIPE, text=True)
    try:
        line = child.stdout.readline()
        assert " is listening on http://" in line, line
        yield child, line.rpartition(" ")[2].strip()
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def get(url):
    with OPENER.open(url, timeout=5) as answer:
        return answer.status, answer.read().decode()


@pytest.mark.parametrize("party", PARTIES)
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_party_starts_answers_and_stops(party, how):
    with started(party) as (child, url):
        assert get(f"{url}/healthz")[0] == 200
        status, page = get(f"{url}/")
        assert status == 200
        assert "<h1" in page
        assert get(f"{url}/outside.css")[0] == 200
        child.send_signal(how)
        assert child.wait(timeout=5) == 0


def test_a_taken_port_ends_with_an_error():
    with started("inbox") as (_, url):
        port = url.rpartition(":")[2]
        command = [sys.executable, "-m", "portal.simulators.inbox", "--port", port]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=20, check=False)
        assert done.returncode != 0


def test_a_killed_party_keeps_its_data_in_the_named_folder(tmp_path):
    folder = {"PORTAL_SIMULATOR_DATA": str(tmp_path), "PORTAL_SMS_KEY": "k"}
    body = json.dumps({"to": "+66812345678", "from": "T", "text": "hello", "message_id": "m"}).encode()
    with started("inbox", **folder) as (child, url):
        headers = {"Authorization": "Bearer k", "Content-Type": "application/json"}
        text = urllib.request.Request(f"{url}/messages", data=body, headers=headers)  # noqa: S310 - our own
        OPENER.open(text, timeout=5).close()
        child.kill()
        child.wait()
    with started("inbox", **folder) as (_, url):
        assert json.loads(get(f"{url}/api/messages?to=%2B66812345678")[1])[0]["text"] == "hello"


def test_the_provider_registers_its_webhook_once_over_restarts(tmp_path):
    environ = {
        "PORTAL_SIMULATOR_DATA": str(tmp_path),
        "STRIPE_SECRET_KEY": "sk_test_mine",
        "STRIPE_WEBHOOK_SECRET": "whsec_mine",
        "STRIPE_WEBHOOK_URL": "http://127.0.0.1:9/hooks/stripe/x",
    }
    for _ in range(2):
        with started("stripe", **environ) as (_, url):
            key = {"Authorization": "Bearer sk_test_mine"}
            request = urllib.request.Request(f"{url}/v1/webhook_endpoints", headers=key)  # noqa: S310 - our own
            with OPENER.open(request, timeout=5) as answer:
                listed = json.load(answer)["data"]
    assert [row["url"] for row in listed] == ["http://127.0.0.1:9/hooks/stripe/x"]


def test_the_clock_file_moves_a_party(tmp_path):
    clock = tmp_path / "clock"
    clock.write_text("86400")
    environ = {"PORTAL_TIME_TRAVEL": str(clock), "CASE_SYSTEM_SECRET": SECRET}
    with started("training", **environ) as (_, url):
        today = get(f"{url}/")
        assert today[0] == 200
    with started("case_system", **environ) as (_, url):
        assert "No secret is set" not in get(f"{url}/")[1]


def test_the_portal_command_starts_a_receiver():
    command = [sys.executable, "-m", "portal.cli.main", "receiver", "--port", "0", "--secret", SECRET]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        url = child.stdout.readline().rpartition(" ")[2].strip()
        assert "No secret is set" not in get(f"{url}/")[1]
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=5) == 0
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
