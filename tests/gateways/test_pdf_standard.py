"""What PDF/A-4f (ISO 19005-4:2020) and the tagging of PDF 2.0 ask of a file, rule by rule, before and after its seal.

No validator of PDF/A-4 runs here, so this is what we know of our files and no more: each rule says its clause. The
reader is pyHanko's.
"""

import io
import re
from hashlib import md5

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from portal.gateways.pdf import render_agreement
from portal.gateways.signatures import make_identity, seal_pdf
from tests.gateways.test_pdf import a_log

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
WORDS = (
    "<h2>x</h2><p>a <b>b</b> ก <b>ข</b> ع <b>ب</b> 中 <b>文</b> अ <b>ब</b></p>"
    "<table><tr><th>a</th><td>1</td></tr></table>"
)
FORBIDDEN = ("/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/Rendition", "/JavaScript")
"""Actions that a file which must last may not hold (6.6.1)."""


@pytest.fixture(scope="module", params=["printed", "sealed"])
def pdf(request):
    printed = render_agreement(a_log(language="th", article=f"<article lang='th'>{WORDS}</article>"))
    if request.param == "printed":
        return printed
    return seal_pdf(printed, identity=make_identity("Northwind Finance"), reason="agr_1").pdf


@pytest.fixture
def reader(pdf):
    return PdfFileReader(io.BytesIO(pdf))


def objects(reader):
    """Give every object of the file by its number."""
    for number in range(1, int(reader.trailer["/Size"])):
        try:
            yield reader.get_object(generic.IndirectObject(number, 0, reader))
        except Exception:  # noqa: BLE001, S112 - a number that the file does not use
            continue


def dictionaries(reader):
    return [one for one in objects(reader) if isinstance(one, generic.DictionaryObject)]


def test_the_file_begins_as_a_pdf_2_and_names_itself_without_secrets(pdf, reader):
    assert re.match(rb"%PDF-2\.\d\n%[\x80-\xff]{4}", pdf), "6.1.2: header, and a comment of bytes above 127"
    assert "/ID" in reader.trailer, "6.1.3"
    assert "/Encrypt" not in reader.trailer, "6.1.3"
    assert "/Info" not in reader.trailer, "6.1.3: no document information without a page piece dictionary"


def test_the_metadata_claim_the_standard_and_carry_a_title(reader):
    told = reader.root["/Metadata"].data.decode()
    for name, value in (("part", "4"), ("conformance", "F"), ("rev", "2020")):
        assert re.search(rf"pdfaid:{name}(=\"|>){value}", told), "6.7.3"
    assert re.search(r"<dc:title\b.*?<rdf:li[^>]*>[^<]+</rdf:li>", told, re.DOTALL)
    assert reader.root["/ViewerPreferences"]["/DisplayDocTitle"], "ISO 14289-2 8.11.1"


def test_colors_mean_the_same_everywhere(reader):
    (intent,) = reader.root["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1", "6.2.3"
    assert intent["/DestOutputProfile"].data[36:40] == b"acsp", "6.2.3: an ICC profile inside"


def test_the_text_is_tagged_in_its_language(reader):
    root = reader.root
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "th", "ISO 14289-2 8.4.4"
    kinds = {one["/S"] for one in dictionaries(reader) if one.get("/Type") == "/StructElem"}
    assert {"/Document", "/H2", "/P", "/Table", "/TR", "/TH", "/TD"} <= kinds, kinds
    for page in reader.root["/Pages"]["/Kids"]:
        assert page.get_object()["/Tabs"] == "/S", "ISO 14289-2 8.9.3.3"
        assert "/StructParents" in page.get_object()


def test_every_font_is_inside_and_says_what_its_glyphs_are(reader):
    fonts = [one for one in dictionaries(reader) if one.get("/Type") == "/Font"]
    whole = [one for one in fonts if one["/Subtype"] == "/Type0"]
    assert len(whole) >= 8, "five scripts, most of them in two weights"
    for font in whole:
        (descendant,) = font["/DescendantFonts"]
        kept = descendant.get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(kept), "6.2.10.4.1"
        assert "/ToUnicode" in font, "6.2.10.7"
        assert font["/Encoding"] == "/Identity-H", "6.2.10.3.3"


def test_what_is_attached_says_what_it_is_to_the_document(reader):
    listed = [one.get_object() for one in reader.root["/AF"]]
    assert len(listed) == 3, "each once"
    for one in listed:
        held = one["/EF"]["/F"]
        assert one["/F"] == one["/UF"], "6.9"
        assert one["/Desc"], "6.9"
        assert held["/Subtype"] in ("/application/json", "/text/html"), "6.9: the kind of the file"
        assert held["/Params"]["/Size"] == len(held.data)
        assert bytes(_raw(held["/Params"]["/CheckSum"])) == md5(held.data, usedforsecurity=False).digest()
    told = {one["/UF"]: one["/AFRelationship"] for one in listed}
    assert told == {"terms.json": "/Data", "agreement.html": "/Source", "signing-log.json": "/Supplement"}
    assert "/EmbeddedFiles" in reader.root["/Names"], "6.9"


def _raw(text):
    return text if isinstance(text, bytes) else text.original_bytes


def test_nothing_in_it_acts_or_lies_outside(reader):
    assert not {"/OpenAction", "/AA", "/OCProperties"} & set(reader.root), "6.6.3"
    assert "/JavaScript" not in reader.root["/Names"]
    for one in dictionaries(reader):
        assert one.get("/S") not in FORBIDDEN, "6.6.1"
        if isinstance(one, generic.StreamObject):
            assert not {"/F", "/FFilter", "/FDecodeParms"} & set(one), "6.1.6.1"
            assert "/LZWDecode" not in str(one.get("/Filter")), "6.1.6.2"


def test_a_field_is_printed_and_seen_or_has_no_size(reader):
    for page in reader.root["/Pages"]["/Kids"]:
        for one in page.get_object().get("/Annots", []):
            field = one.get_object()
            left, bottom, right, top = field["/Rect"]
            is_seen = left != right and bottom != top
            assert int(field["/F"]) & 0b100, "6.3.2: print"
            assert not int(field["/F"]) & 0b100011, "6.3.2: not hidden, not invisible, shown"
            assert not is_seen or "/AP" in field, "6.3.3"
