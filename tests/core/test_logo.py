import pytest

from portal.core.logo import LOGO_BYTES_MAX, plain_logo

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{}</svg>'


def test_a_drawing_becomes_one_color():
    drawn = plain_logo(SVG.format('<g fill="red"><path d="M0 0h9" stroke="#f00" stroke-width="2"/></g>'))
    assert drawn == (
        '<svg viewBox="0 0 10 10" aria-hidden="true" fill="currentColor"><g fill="currentColor">'
        '<path d="M0 0h9" stroke-width="2" stroke="currentColor"></path></g></svg>'
    )


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        '<image href="http://example.com/a.png"/>',
        '<use href="#a"/>',
        '<path d="M0" onclick="alert(1)"/>',
        '<path d="M0" style="fill:url(http://example.com)"/>',
        '<a href="javascript:alert(1)"><path d="M0"/></a>',
        "<foreignObject><p>x</p></foreignObject>",
        '<path d="M0&quot; onload=&quot;alert(1)"/>',
        '<path fill-rule="x&gt;&lt;script" d="M0"/>',
        "<style>*{}</style>",
    ],
)
def test_whatever_else_is_left_out(inner):
    drawn = plain_logo(SVG.format(inner))
    for word in ("alert", "href", "http", "script", "style", "on", "foreign", "<p>"):
        assert word not in drawn.replace("currentColor", "").replace("none", "").replace("aria-hidden", "")


@pytest.mark.parametrize(
    "text",
    ["", "x", "<p/>", '<svg xmlns="http://www.w3.org/2000/svg"/>', '<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0"/>',
     "<svg viewBox='0'" , SVG.format("x" * LOGO_BYTES_MAX)],
)  # fmt: skip
def test_what_is_no_drawing(text):
    assert plain_logo(text) is None
