"""Letters as paper, in every script that we offer: shaped, small, sealed, and with the exact bytes inside.

To look at them: PORTAL_PRINTS=FOLDER, then open the PNGs.
"""

import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from portal.core.agreements.terms import text_hash
from portal.core.letters.frame import written
from portal.gateways.languages import offered
from portal.gateways.letter_pages import write_letter
from portal.gateways.pdf import Letter
from portal.gateways.press import PdfPress
from tests.build import NOW
from tests.core.letters.samples import every_letter

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler is not here"),
]
NAMES = {
    "th": "มานี ใจดี ณ อยุธยา",
    "ar": "ليلى حداد",
    "zh-Hans": "王小明",
    "es": "María Núñez",
    "de": "Jörg Müller",
}
BYTES_MAX = 200_000
LETTERS = tuple(every_letter())
EVERY = [(name, one.tag) for name in LETTERS for one in offered()] + [("de", "de"), ("fr", "fr")]
FEW = [("receipt", "th")]
"""One is printed each time; every letter in every language when the long tests run."""


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def printed(name, tag):
    letter = every_letter()[name] | {"language": tag}
    letter["debtor"]["name"] = NAMES.get(tag, "Maria Lopez")
    page = write_letter(letter, tag)
    copy = Letter(
        language=tag,
        direction=page.language.direction,
        title=page.title,
        article=page.article,
        letter_json=written(letter),
    )
    press = PdfPress()
    identity = press.make_identity("Northwind")
    sealed = press.seal(press.print_letter(copy), identity=identity, reason=letter["letter"])
    return copy, sealed.pdf, press.sign(sealed.pdf, identity=identity, now=NOW)


def look_at(name, tag, folder):
    copy, content, beside = printed(name, tag)
    assert len(content) <= BYTES_MAX, len(content)
    assert beside.file_sha256 == sha256(content).hexdigest()
    file = folder / f"{name}-{tag}.pdf"
    file.write_bytes(content)
    run("pdfdetach", "-saveall", "-o", folder, file)
    assert text_hash(copy.article) == sha256((folder / "letter.html").read_bytes()).hexdigest()
    assert text_hash(copy.letter_json) == sha256((folder / "letter.json").read_bytes()).hexdigest()
    fonts = run("pdffonts", file).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), "every font is inside"
    assert "Tagged:          yes" in run("pdfinfo", file)
    described = run("pdfinfo", "-meta", file)
    assert copy.title in described
    assert 'part="4"' in described or "<pdfaid:part>4</pdfaid:part>" in described
    run("pdftoppm", "-r", "80", "-png", file, folder / f"{name}-{tag}")
    if prints := os.environ.get("PORTAL_PRINTS"):
        for page in [*folder.glob("*.png"), file]:
            shutil.copy(page, Path(prints) / page.name)
    return file


@pytest.mark.parametrize(("name", "tag"), FEW)
def test_a_printed_letter(name, tag, tmp_path):
    file = look_at(name, tag, tmp_path)
    if shutil.which("qpdf"):
        assert "No syntax or stream encoding errors found" in run("qpdf", "--check", file)
    if shutil.which("pdfsig"):
        assert "Signature is Valid." in run("pdfsig", "-nocert", file)


@pytest.mark.long
@pytest.mark.parametrize(("name", "tag"), EVERY)
def test_every_letter_in_every_language(name, tag, tmp_path):
    look_at(name, tag, tmp_path)
