import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*words):
    return subprocess.run(
        [ROOT / "portal.sh", *words], capture_output=True, text=True, timeout=60, check=False
    )


def test_help_names_the_three_commands():
    told = run("help")
    assert told.returncode == 0
    for command in ("demo", "test", "run -- COMMAND"):
        assert f"./portal.sh {command}" in told.stdout


def test_an_unknown_command_is_explained_and_fails():
    told = run("depart")
    assert told.returncode == 2
    assert "./portal.sh demo" in told.stderr


def test_run_without_a_command_says_so():
    told = run("run", "--")
    assert told.returncode == 1
    assert "run what?" in told.stderr


def test_it_is_posix_sh_and_executable():
    assert os.access(ROOT / "portal.sh", os.X_OK)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    for script in ("portal.sh", ".ci/run"):
        assert subprocess.run(["sh", "-n", ROOT / script], check=False).returncode == 0
        assert (ROOT / script).read_text().startswith("#!/bin/sh\n")


@pytest.mark.parametrize("name", ["portal.sh", ".ci/run", "requirements.lock", "pyproject.toml"])
def test_no_address_of_any_host_is_named(name):
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"--(extra-)?index-url|--find-links", text)
    assert str(ROOT) not in text


def test_every_package_of_the_lock_is_pinned_and_hashed():
    blocks = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text().strip())
    for block in blocks:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+", block), block[:60]
        assert "--hash=sha256:" in block, block[:60]
