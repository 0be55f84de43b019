"""The whole demo as a newcomer starts it: all processes, kept data, and nothing left behind."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS_MAX = 120  # on a busy machine; alone it is ready in a tenth of that
STAND_INS_AND_WORKERS = {
    "web",
    "jobs",
    "deliveries",
    "stripe",
    "inbox",
    "case_system",
    "training",
    "time_stamps",
    "qr",
}


class Demo:
    """A demo with a folder of its own; whoever belongs to it carries the folder's name in its environment."""

    def __init__(self, folder):
        self.folder = folder
        self.told = folder / "told.txt"
        kept = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "PYTHONPYCACHEPREFIX")
        self.environ = {name: os.environ[name] for name in kept if name in os.environ}
        self.environ["PORTAL_DEMO_FOLDER"] = str(folder)
        self.process = None

    def start(self, *words):
        with self.told.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.cli.main", "demo", *words],
                cwd=ROOT, env=self.environ, stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip
        deadline = time.monotonic() + SECONDS_MAX
        while "API key" not in self.words() and time.monotonic() < deadline:
            assert self.process.poll() is None, self.words()
            time.sleep(0.1)
        assert "Ready" in self.words(), self.words()

    def words(self):
        return self.told.read_text()

    def end(self, number):
        self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def alive(self):
        """List the processes that belong to this demo, by their command."""
        mark = f"PORTAL_DEMO_FOLDER={self.folder}\0".encode()
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (place / "environ").read_bytes():
                    found.append((place / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        return found

    def gone(self, seconds=20):
        deadline = time.monotonic() + seconds
        while self.alive() and time.monotonic() < deadline:
            time.sleep(0.1)
        return not self.alive()

    def get(self, name, path):
        port = json.loads((self.folder / "demo" / "ports.json").read_text())[name]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.read().decode()


@pytest.fixture
def demo(tmp_path):
    made = Demo(tmp_path)
    yield made
    if made.process and made.process.poll() is None:
        made.process.kill()
        made.process.wait()
    assert made.gone(), made.alive()


def wait_for(true, seconds=30):
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.2)
    return true()


def test_it_starts_keeps_its_data_and_leaves_nothing_behind(demo):
    demo.start()
    assert "Making the demo lender" in demo.words()
    assert {log.stem for log in (demo.folder / "demo" / "logs").glob("*.log")} == STAND_INS_AND_WORKERS
    assert json.loads(demo.get("web", "/readyz"))["is_ready"]
    links = {
        match
        for text in json.loads(demo.get("inbox", "/api/messages"))
        for match in re.findall(r"http\S+", text["text"])
    }
    assert links
    told = demo.words()
    for phone in {text["to"] for text in json.loads(demo.get("inbox", "/api/messages"))}:
        assert re.search(rf"{re.escape(phone)} +\d{{4}}-\d\d-\d\d", told), f"nobody could verify as {phone}"
    assert wait_for(lambda: json.loads(demo.get("case_system", "/_control/state"))["received"] > 0)
    assert json.loads(demo.get("case_system", "/_control/state"))["refused"] == 0
    second = subprocess.run(
        [sys.executable, "-m", "portal.cli.main", "demo"],
        cwd=ROOT, env=demo.environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert "running already" in second.stderr
    assert demo.end(signal.SIGTERM) == 0
    assert demo.gone(seconds=0), demo.alive()

    demo.start()
    assert "Making the demo lender" not in demo.words()
    demo.process.kill()
    demo.process.wait()
    assert demo.gone(), demo.alive()

    demo.start()
    assert "Making the demo lender" not in demo.words()
    assert demo.end(signal.SIGINT) == 0
    assert demo.gone(seconds=0), demo.alive()
