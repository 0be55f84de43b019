import shutil
import subprocess

import pytest

from portal.gateways.pdf import SignedCopy, render_agreement

#: WeasyPrint leaves its color profile open for the collector; not ours to close.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
HOSTILE = '<link rel=attachment href="file:///etc/passwd"><img src="http://127.0.0.1:9/x.png">'


def a_copy(**changes):
    plain = {
        "language": "en",
        "direction": "ltr",
        "title": "Agreement",
        "article": "<article lang='en'><h2>Agreement</h2><p>ข้อตกลง اتفاقية 协议</p></article>",
        "seal": {"Signed by": "Maria <b>Lopez</b>"},
        "terms_json": '{"a":1}',
    }
    return SignedCopy(**plain | changes)


def test_the_pdf_is_small():
    pdf = render_agreement(a_copy())
    assert pdf.startswith(b"%PDF-2.0")
    assert len(pdf) < 200_000


def test_nothing_is_fetched_and_nothing_of_this_machine_is_embedded(caplog):
    plain = len(render_agreement(a_copy()))
    pdf = render_agreement(a_copy(seal={"Signed by": HOSTILE}, title=HOSTILE))
    assert len(pdf) < plain + 20_000
    hostile_article = render_agreement(a_copy(article=f"<article>{HOSTILE}</article>"))
    assert b"passwd" not in hostile_article


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not here")
def test_a_reader_sees_the_text(tmp_path):
    file = tmp_path / "copy.pdf"
    file.write_bytes(render_agreement(a_copy()))
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    assert "Agreement" in text
    assert "Maria <b>Lopez</b>" in text
    listed = subprocess.run(["pdfdetach", "-list", file], capture_output=True, text=True, check=True).stdout
    assert "terms.json" in listed
    assert "agreement.html" in listed
