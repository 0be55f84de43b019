"""Agreements as paper, in every script that we offer or will: shaped, small, and with the exact bytes inside.

To look at them: PORTAL_PRINTS=FOLDER, then open the PNGs.
"""

import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from flask import g

from portal.core.agreements.signing_log import log_facts, log_json, log_rows, signing_log
from portal.core.agreements.terms import signed_text, text_hash
from portal.gateways.pdf import SignedCopy, render_agreement
from portal.web.debtor.agreement_text import agreement_text
from portal.web.language import languages, offered
from tests.core.agreements.test_terms import _terms as some_terms

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler is not here"),
]
NAMES = {
    "en": "Maria Lopez", "es": "María Núñez", "th": "มานี ใจดี ณ อยุธยา", "ar": "ليلى حداد", "zh-Hans": "王小明",
    "vi": "Nguyễn Thị Hồng Ánh", "hi": "श्रीमती क्षमा ज्ञानेश्वर",
}  # fmt: skip
#: Languages that come later: real sentences, so that their scripts are tried now.
LATER = {
    "vi": (
        "Thỏa thuận về kế hoạch trả góp",
        (
            "Quý vị trả từng phần vào những ngày ghi dưới đây, không có phí trả chậm. Quý vị có thể đổi ý trong vòng "
            "mười bốn ngày kể từ khi ký, không cần nêu lý do. Số tiền đã trả vẫn được ghi nhận đầy đủ."
        ),
    ),
    "hi": (
        "भुगतान योजना का समझौता",
        (
            "आप नीचे लिखी तारीखों पर किश्तों में भुगतान करते हैं, और देर होने पर कोई शुल्क नहीं लगता। हस्ताक्षर के चौदह "
            "दिनों के भीतर आप बिना कारण बताए अपना निर्णय बदल सकते हैं। जो राशि दी जा चुकी है, वह दर्ज रहती है।"
        ),
    ),
}
BYTES_MAX = 160_000


def a_copy(app, tag):
    with app.test_request_context("/"):
        g.language = languages()[tag if tag not in LATER else "en"]
        text = agreement_text()
        terms = some_terms(language=text.language)
        html = text.render(terms)
    if tag in LATER:
        title, words = LATER[tag]
        html = (
            f'<article class="doc" lang="{tag}"><h2>{title}</h2><p>{words}</p><p><b>{words}</b></p></article>'
        )
    terms_json = signed_text(terms)
    log = signing_log(
        agreement_ref="agr_1",
        version=1,
        language=tag,
        terms_json=terms_json,
        html=html,
        hashes_before=(text_hash(terms_json), text_hash(html)),
        text_versions={"clauses": terms["texts"], "pack": "us-1"},
        entries=[
            {"act": act, "at": "2026-12-01T09:30:00+00:00", "address": "203.0.113.9", "device": "Mozilla/5.0"}
            for act in ("prepared", "viewed", "consented", "signed")
        ],
    )
    labels = text.labels
    return SignedCopy(
        language=tag,
        direction=labels["direction"],
        title=labels["title"],
        article=html,
        seal={labels["signed_by"]: NAMES[tag], labels["countersigned_by"]: "Northwind Finance"},
        terms_json=terms_json,
        log_head=(labels["log"], labels["when"], labels["what"], labels["where"]),
        log_rows=log_rows(log, labels=labels),
        log_facts=log_facts(log, labels=labels),
        log_json=log_json(log),
    )


@pytest.mark.parametrize("tag", [*(one.tag for one in offered()), *LATER])
def test_a_printed_agreement(app, tag, tmp_path):
    copy = a_copy(app, tag)
    file = tmp_path / f"{tag}.pdf"
    file.write_bytes(render_agreement(copy))
    assert file.stat().st_size <= BYTES_MAX, file.stat().st_size
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, file], check=True, capture_output=True)
    attached = (tmp_path / "agreement.html").read_bytes()
    assert sha256(attached).hexdigest() == text_hash(copy.article), "what was hashed is inside, byte for byte"
    fonts = subprocess.run(
        ["pdffonts", file], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), fonts
    subprocess.run(["pdftoppm", "-r", "80", "-png", file, tmp_path / tag], check=True)
    pages = sorted(tmp_path.glob("*.png"))
    assert pages
    if folder := os.environ.get("PORTAL_PRINTS"):
        for page in [*pages, file]:
            shutil.copy(page, Path(folder) / page.name)
