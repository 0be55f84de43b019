"""No package that is installed with the product is under the GPL or AGPL (with the LGPL's own exceptions)."""

import re
from importlib.metadata import PackageNotFoundError, metadata

import pytest

from tests.house.tree import ROOT

COPYLEFT = re.compile(r"(?<!L)\b(?:A?GPL(?:v?\d)?|GNU (?:Affero )?General Public)", re.IGNORECASE)


def locked():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return sorted(set(re.findall(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]+\])?==", lock, re.MULTILINE)))


def licence_of(name):
    known = metadata(name)
    said = [known.get("License-Expression") or "", (known.get("License") or "")[:200]]
    said += [one for one in known.get_all("Classifier") or [] if one.startswith("License ::")]
    return " | ".join(said)


def is_copyleft(said):
    """A choice between licences (OR) is no duty."""
    return bool(COPYLEFT.search(said)) and " OR " not in said.upper()


def test_no_package_is_under_the_gpl():
    found = {}
    for name in locked():
        try:
            said = licence_of(name)
        except PackageNotFoundError:
            continue  # for another system than this one
        if is_copyleft(said):
            found[name] = said
    assert found == {}


@pytest.mark.parametrize(
    ("said", "is_bad"),
    [
        ("GPL-3.0-only", True),
        ("AGPL-3.0", True),
        ("License :: OSI Approved :: GNU General Public License v2 (GPLv2)", True),
        ("LGPL-3.0-only", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("Apache-2.0 OR GPL-2.0", False),
        ("MIT", False),
    ],
)
def test_the_gpl_is_found(said, is_bad):
    assert is_copyleft(said) is is_bad
