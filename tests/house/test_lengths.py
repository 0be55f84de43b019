"""Small files, small functions: the house numbers of HABITS.md 2."""

import pytest

from tests.house.tree import ROOT, Source, files, sources

FILE, FUNCTION, TEMPLATE, TEST, CONFTEST = 300, 40, 120, 300, 150
#: Written by tools, or data with nothing to split.
WRITTEN_BY_TOOLS = ("migrations.versions.",)


def too_long(source, *, file_max=FILE, function_max=FUNCTION):
    found = [f"{source.name}: {source.lines} lines"] if source.lines > file_max else []
    for function in source.functions():
        length = function.end_lineno - function.lineno + 1
        if length > function_max:
            found.append(f"{source.name}.{function.name}: {length} lines")
    return found


@pytest.mark.parametrize("top", ["portal/", "benchmarks/", "migrations/"])
def test_files_and_functions_are_short(top):
    looked_at = [source for source in sources(top) if not source.name.startswith(WRITTEN_BY_TOOLS)]
    assert looked_at
    assert [long for source in looked_at for long in too_long(source)] == []


def test_test_files_are_short():
    long = []
    for source in sources("tests/"):
        limit = CONFTEST if source.name.endswith("conftest") else TEST
        long += too_long(source, file_max=limit, function_max=10_000)
    assert long == []


def test_templates_are_short():
    counts = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in files("templates/", ".html")
    }
    assert counts
    assert {str(path.relative_to(ROOT)): n for path, n in counts.items() if n > TEMPLATE} == {}


def test_a_long_file_and_a_long_function_are_found():
    body = "\n".join(f"    a = {n}" for n in range(40))
    assert too_long(Source("planted", f"def f():\n{body}\n")) == ["planted.f: 41 lines"]
    assert too_long(Source("planted", "a = 1\n" * 301)) == ["planted: 301 lines"]
