"""Nothing unfinished, no address of a package registry, no path of somebody's machine, a lock without addresses."""

import re

import pytest

from tests.house.tree import ROOT, tracked

TEXT = (
    ".py", ".html", ".css", ".js", ".md", ".sh", ".toml", ".lock", ".ini", ".yaml", ".yml", ".json", ".po", ".csv",
    ".txt", ".svg", ".sql", ".mako",
)  # fmt: skip
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b|raise NotImplemented" r"Error|(?i:lorem ip" r"sum)")
REGISTRIES = re.compile(
    r"\b(?:pypi\.(?:org|python\.org)|files\.python" r"hosted\.org|registry\.npm" r"js\.org|unpkg\.com|jsdelivr\.net|"
    r"cdnjs\.cloudflare\.com|deb\.debian\.org|archive\.ubuntu\.com|ghcr\.io|docker\.io|huggingface\.co)\b"
)  # fmt: skip
MACHINE = re.compile(r"(?<![\w.])/(?:work|home/\w+|Users/\w+|root)/[\w.-]+|\.\./shared\b")
#: Files that must name such a thing, with the reason.
MAY_NAME = {
    "tests/house/test_words.py": "the walker itself",
}


def texts():
    for name in tracked():
        if name.endswith(TEXT) or name in ("portal.sh", ".ci/run", "LICENSE"):
            yield name, (ROOT / name).read_text(encoding="utf-8", errors="replace")


def lines_with(pattern, *, only=lambda _name: True):
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts()
        if name not in MAY_NAME and only(name)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_nothing_is_unfinished():
    assert (
        lines_with(UNFINISHED, only=lambda name: name.endswith((".py", ".html", ".css", ".js", ".sh"))) == []
    )


def test_no_registry_is_named():
    assert lines_with(REGISTRIES, only=lambda name: not name.startswith("tests/")) == []


def test_no_path_of_a_machine_is_named():
    assert lines_with(MACHINE, only=lambda name: not name.startswith("tests/")) == []


def test_the_lock_holds_hashes_and_no_address():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--hash=sha256:" in lock
    names = re.findall(r"^([a-z0-9][\w.-]*(?:\[[\w,-]+\])?)==", lock, re.MULTILINE | re.IGNORECASE)
    assert len(names) > 40


PLANTED = {
    "# TO" + "DO later": UNFINISHED,
    "raise NotImplemented" + "Error": UNFINISHED,
    "https://pypi" + ".org/simple": REGISTRIES,
    "see /wo" + "rk/notes.md": MACHINE,
    "../sha" + "red/x": MACHINE,
}


@pytest.mark.parametrize("words", PLANTED)
def test_planted_words_are_found(words):
    assert PLANTED[words].search(words)
