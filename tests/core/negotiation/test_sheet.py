from portal.core.negotiation.sheet import sheet_of
from tests.core.negotiation.test_candidates import KEY


def test_columns_say_what_the_terms_say():
    sheet = sheet_of(KEY)
    assert sheet_of(KEY) is sheet
    for i in range(0, len(sheet.terms), 61):
        terms, waiver = sheet.terms[i], sheet.reliefs[sheet.relief[i]]
        assert (sheet.count[i], sheet.down[i], sheet.balloon[i]) == (
            terms.count,
            terms.down_bp,
            terms.balloon_bp,
        )
        assert (waiver.waiver_bp, waiver.waive_principal_bp) == (terms.waiver_bp, terms.waive_principal_bp)
        assert (i in sheet.special) == bool(terms.step_bp or terms.rate_ppm or terms.shape == "index")
    assert sheet.longest == max(c + g for c, g in zip(sheet.count, sheet.grace, strict=True))
