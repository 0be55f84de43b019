import shutil
import subprocess

import pytest

from portal.gateways import pdf
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


def a_log(**changes):
    plain = {
        "log_head": ("How this was signed", "When", "What happened", "From where"),
        "log_rows": [("2026-12-01 09:30:00 UTC", "You signed", "203.0.113.9; <b>Phone</b>")],
        "log_facts": [("Fingerprint", "ab" * 32)],
        "log_json": '{"entries": []}',
    }
    return a_copy(**plain | changes)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not here")
def test_the_log_is_inside_for_people_and_for_programs(tmp_path):
    file = tmp_path / "copy.pdf"
    file.write_bytes(render_agreement(a_log()))
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    assert "203.0.113.9; <b>Phone</b>" in text
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, file], check=True, capture_output=True)
    assert (tmp_path / "signing-log.json").read_text() == '{"entries": []}'
    assert (tmp_path / "agreement.html").read_text() == a_copy().article
    assert (tmp_path / "terms.json").read_text() == '{"a":1}'


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="poppler is not here")
def test_it_is_tagged_and_every_font_is_inside(tmp_path):
    file = tmp_path / "copy.pdf"
    words = "<p>a <b>b</b> ก <b>ข</b> ع <b>ب</b> 中 <b>文</b> अ <b>ब</b> ế <b>ộ</b></p>"
    file.write_bytes(render_agreement(a_log(article=f"<article lang='en'>{words}</article>")))
    about = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    assert "Tagged:          yes" in about
    fonts = subprocess.run(
        ["pdffonts", file], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    names = " ".join(line.split()[0] for line in fonts)
    for face in ("Thai-Bold", "Arabic-Bold", "CJK-SC", "CJK-TC-Bold"):
        assert f"Noto-Sans-{face}" in names, names
    for line in fonts:
        embedded, subset, has_text = line.split()[-5:-2]
        assert (embedded, subset, has_text) == ("yes", "yes", "yes"), line


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "x" * 10_000, "\u202egnp.exe\u202c", "\u0000\ufffe", "\U0001f600" * 50],
)
def test_a_hostile_name_is_text_and_no_more(name):
    pdf = render_agreement(a_log(seal={"Signed by": name}, title=name))
    assert pdf.startswith(b"%PDF-2.0")
    assert len(pdf) < 200_000


def test_a_chinese_stop_between_two_elements_is_marked_in_print_and_not_in_the_signed_text(tmp_path):
    article = "<article lang='zh-Hans'><b>64 次</b>。<b>完</b>。</article>"
    page = pdf._page(a_copy(language="zh-Hans"), article)
    assert page.count('<span class="stop">。</span>') == 2
    assert pdf._stopped("<p>好。</p>") == "<p>好。</p>"
    file = tmp_path / "copy.pdf"
    file.write_bytes(render_agreement(a_copy(article=article)))
    if shutil.which("pdfdetach"):
        subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, file], check=True, capture_output=True)
        assert (tmp_path / "agreement.html").read_text() == article
