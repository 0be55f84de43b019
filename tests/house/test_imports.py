"""What the import contracts cannot see: core's whitelist, and imports that hide inside functions."""

import ast
import sys

from tests.house.tree import Source, imported, sources

#: Parts of the standard library that know the time, chance, the machine or the network.
NOT_PURE = {
    "time", "random", "secrets", "os", "socket", "subprocess", "threading", "multiprocessing", "asyncio", "http",
    "urllib", "ssl", "tempfile", "shutil", "signal", "ctypes", "logging", "pathlib", "glob", "io", "sqlite3",
}  # fmt: skip
#: Where numpy may be, if a benchmark shows that it pays.
NUMPY = "portal.core.negotiation.search"
#: Modules of the standard library that core may use although they are on the list above, each with its reason.
ALLOWED = {("portal.core.imports", "io"): "texts are read in memory"}
CLOCKS = {"now", "today", "utcnow", "fromtimestamp"}


def impurities(source):
    found = []
    for node in ast.walk(source.tree):
        for module in imported(node):
            top = module.split(".")[0]
            if top == "portal":
                is_good = module == "portal.core" or module.startswith("portal.core.")
            elif top == "numpy":
                is_good = source.name == NUMPY
            else:
                is_good = top in sys.stdlib_module_names and (top not in NOT_PURE or _is_allowed(source, top))
            if not is_good:
                found.append(f"{source.name} imports {module}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            owner = ast.unparse(node.func.value)
            if owner in ("datetime", "date", "dt.datetime", "dt.date", "datetime.datetime"):
                found.append(f"{source.name} reads the clock")
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("open", "print", "input")
        ):
            found.append(f"{source.name} calls {node.func.id}")
    return found


def _is_allowed(source, module):
    return any(source.name.startswith(place) and module == name for place, name in ALLOWED)


def test_core_is_pure():
    looked_at = sources("portal/core/")
    assert len(looked_at) > 50
    assert [fault for source in looked_at for fault in impurities(source)] == []


def hidden_imports(source):
    return [
        f"{source.name}.{function.name}: {', '.join(imported(node))}"
        for function in source.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def test_nothing_is_imported_inside_a_function():
    assert [fault for source in sources("portal/") for fault in hidden_imports(source)] == []


def test_planted_faults_are_found():
    stray = Source(
        "portal.core.planted",
        "import flask\nfrom datetime import datetime\nnow = datetime.now()\nprint(now)\n",
    )
    assert len(impurities(stray)) == 3
    assert impurities(Source("portal.core.planted", "import portal.store.work")) != []
    assert impurities(Source("portal.core.planted", "import random")) != []
    assert hidden_imports(Source("planted", "def f():\n    import json\n")) == ["planted.f: json"]
