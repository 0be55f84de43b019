import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.cli.database import free_port
from portal.cli.processes import AlreadyRunningError, only_one
from portal.cli.supervisor import ChildError, Process, Supervisor

ROOT = Path(__file__).parents[2]
SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
)


@pytest.fixture
def supervisor(tmp_path):
    made = Supervisor(logs=tmp_path / "logs", environ=os.environ, cwd=tmp_path)
    yield made
    made.stop()


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(true, seconds=10):
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


def test_it_waits_until_a_child_answers_and_leaves_none_behind(supervisor):
    port = free_port()
    server = (sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1")
    supervisor.start(
        [
            Process(name="web", command=server, ready_url=f"http://127.0.0.1:{port}/"),
            Process(name="work", command=SLEEPER),
        ]
    )
    supervisor.wait_until_ready()
    pids = [child.popen.pid for child in supervisor.children]
    assert all(map(is_alive, pids))
    supervisor.stop()
    assert not any(map(is_alive, pids))


def test_a_child_that_ended_is_started_again(supervisor):
    supervisor.start([Process(name="work", command=SLEEPER)])
    (child,) = supervisor.children
    first = child.popen.pid
    child.popen.kill()
    child.popen.wait()
    supervisor.watch()
    assert child.popen.pid != first
    assert is_alive(child.popen.pid)


def test_a_child_that_keeps_ending_stops_everything_with_its_last_words(supervisor, monkeypatch):
    monkeypatch.setattr("portal.cli.supervisor.RESTARTS_MAX", 2)
    words = (sys.executable, "-c", "print('no such thing', flush=True); raise SystemExit(3)")
    supervisor.start([Process(name="broken", command=words)])

    def watch():
        while True:
            supervisor.watch()
            time.sleep(0.02)

    with pytest.raises(ChildError, match=r"(?s)broken ended with code 3.*no such thing"):
        watch()


def test_a_child_that_never_answers_is_named(supervisor, monkeypatch):
    monkeypatch.setattr("portal.cli.supervisor.READY_SECONDS_MAX", 0.3)
    supervisor.start([Process(name="mute", command=SLEEPER, ready_url=f"http://127.0.0.1:{free_port()}/")])
    with pytest.raises(ChildError, match="mute does not answer"):
        supervisor.wait_until_ready()


def test_a_child_deaf_to_sigterm_is_killed(supervisor, monkeypatch):
    monkeypatch.setattr("portal.cli.supervisor.STOP_SECONDS_MAX", 0.3)
    supervisor.start([Process(name="deaf", command=STUBBORN)])
    (child,) = supervisor.children
    assert wait_for(lambda: "deaf" in supervisor.log_of(child.process).read_text())
    supervisor.stop()
    assert not is_alive(child.popen.pid)


@pytest.fixture
def handlers():
    """The signals that ask to stop, each as a program finds it that was not started by nohup."""
    old = {
        number: signal.signal(number, signal.SIG_DFL)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    yield tuple(old)
    for number, handler in old.items():
        signal.signal(number, handler)


def test_a_signal_asks_to_stop(supervisor, handlers):
    supervisor.listen()
    for number in handlers:
        supervisor.is_stopping = False
        os.kill(os.getpid(), number)
        assert supervisor.is_stopping
    supervisor.run(lambda: None)


def test_under_nohup_it_goes_on_when_the_terminal_closes(supervisor, handlers):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    supervisor.listen()
    os.kill(os.getpid(), signal.SIGHUP)
    assert not supervisor.is_stopping


def test_kill_9_of_the_supervisor_ends_its_children(tmp_path):
    code = (
        "import os, sys, time; from pathlib import Path\n"
        "from portal.cli.supervisor import Process, Supervisor\n"
        "s = Supervisor(logs=Path(sys.argv[1]), environ=os.environ, cwd=Path('.'))\n"
        f"s.start([Process(name='work', command={SLEEPER!r})])\n"
        "print(s.children[0].popen.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    child = int(parent.stdout.readline())
    assert is_alive(child)
    parent.kill()
    parent.communicate()
    assert wait_for(lambda: not is_alive(child))


def test_only_one_at_a_time_and_the_lock_opens_again(tmp_path):
    lock = tmp_path / "demo.lock"
    sentence = rf"already \(process {os.getpid()}\)"
    with only_one(lock, "It is running already"):
        second = only_one(lock, "It is running already")
        with pytest.raises(AlreadyRunningError, match=sentence):
            second.__enter__()
    with only_one(lock, "It is running already"):
        pass
