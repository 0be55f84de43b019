from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import g, render_template_string

from portal.cli import strings
from portal.web import language
from portal.web.language import Language, languages, offered

COUNTS = (0, 1, 2, 3, 11, 21, 100, 1_000_000)


def test_fourteen_languages_by_their_own_names():
    assert list(languages()) == [
        "en",
        "zh-Hans",
        "zh-Hant",
        "es",
        "pt-BR",
        "th",
        "vi",
        "id",
        "ms",
        "fil",
        "de",
        "fr",
        "ar",
        "hi",
    ]
    assert [one.tag for one in languages().values() if one.direction == "rtl"] == ["ar"]
    assert {"en", "zh-Hans", "th", "es", "ar"} <= {one.tag for one in offered()}


def test_no_string_is_missing_in_a_language_that_people_can_choose():
    assert strings.check() == []


@pytest.mark.parametrize("tag", [one.tag for one in offered()])
def test_every_count_has_its_form(app, tag):
    with app.test_request_context("/"):
        g.language = languages()[tag]
        for count in COUNTS:
            words = language.ngettext("once", "%(count)s times", count, count=count)
            assert words
            assert "%(" not in words


def test_arabic_counts(app):
    with app.test_request_context("/"):
        g.language = languages()["ar"]
        said = [
            language.ngettext("%(num)s more row", "%(num)s more rows", count) for count in (1, 2, 3, 11, 100)
        ]
    assert said == ["صف واحد آخر", "صفان آخران", "3 صفوف أخرى", "11 صفًا آخر", "100 صف آخر"]


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        ("th-TH,th;q=0.9,en;q=0.5", "th"),
        ("zh-CN", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("es-419,en;q=0.3", "es"),
        ("de,ar;q=0.7", "ar"),
        ("sw", "en"),
        ("", "en"),
        ("*", "en"),
        ("en-GB", "en"),
        ("x" * 5000, "en"),
    ],
)
def test_the_browsers_wish(client, accepted, tag):
    page = client.get("/", headers={"Accept-Language": accepted}).get_data(as_text=True)
    assert f'<html lang="{tag}"' in page


def test_an_explicit_choice_goes_first_and_stays(client):
    assert '<html lang="th"' in client.get("/?l=th", headers={"Accept-Language": "es"}).get_data(as_text=True)
    assert '<html lang="th"' in client.get("/talk", headers={"Accept-Language": "es"}).get_data(as_text=True)
    for made_up in ("xx", "th'", "zh-Hant-or-so", ""):
        assert '<html lang="th"' in client.get("/", query_string={"l": made_up}).get_data(as_text=True)


def test_the_debtors_language_goes_before_the_lenders_and_the_browsers(app):
    def chosen(**suggested):
        with app.test_request_context("/", headers={"Accept-Language": "ar"}):
            language.suggest(**suggested)
            return language.current().tag

    assert chosen(debtor="th", lender="es") == "th"
    assert chosen(lender="es") == "es"
    assert chosen(debtor="tlh", lender=None) == "ar"


def test_choosing_in_the_list(client, token_of):
    token = token_of(client.get("/language?next=/talk"))
    response = client.post("/language", data={"csrf_token": token, "language": "es", "next": "/talk"})
    assert (response.status_code, response.location) == (303, "/talk")
    assert '<html lang="es"' in client.get("/talk").get_data(as_text=True)
    assert client.post("/language", data={"csrf_token": token, "language": "xx"}).status_code == 404


# ---- the gate sees what it should


def catalog_of(tag, body):
    kind = '"Content-Type: text/plain; charset=utf-8\\n"'
    header = f'msgid ""\nmsgstr ""\n"Plural-Forms: {languages()[tag].plurals}\\n"\n{kind}\n\n'
    return read_po(BytesIO((header + body).encode()), locale=languages()[tag].catalog)


SOURCE = Catalog(locale="en")
SOURCE.add("You owe %(amount)s.")
SOURCE.add(("%(num)s payment", "%(num)s payments"))
GOOD = (
    'msgid "You owe %(amount)s."\nmsgstr "Debe %(amount)s."\n\n'
    'msgid "%(num)s payment"\nmsgid_plural "%(num)s payments"\nmsgstr[0] "un pago"\nmsgstr[1] "%(num)s pagos"\n'
)


def test_a_good_catalog_passes():
    assert strings.problems_of(languages()["es"], SOURCE, catalog_of("es", GOOD)) == []


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (GOOD.replace("Debe %(amount)s", "Debe %(monto)s"), "placeholders"),
        (GOOD.replace("Debe %(amount)s", "Debe 5 %"), "placeholders"),
        (GOOD.replace("%(num)s pagos", "%(n)s pagos"), "placeholders"),
        (GOOD.replace('msgstr "Debe %(amount)s."', 'msgstr ""'), "missing"),
        (GOOD.replace('msgstr[1] "%(num)s pagos"', 'msgstr[1] ""'), "missing"),
        (GOOD.replace('msgid "You owe', '#, fuzzy\nmsgid "You owe'), "fuzzy"),
        (GOOD + '\nmsgid "Old"\nmsgstr "Viejo"\n', "not in the source"),
        (GOOD.partition("\n\n")[2], "missing"),
        (GOOD.replace("Debe %(amount)s", "Moroso: %(amount)s"), "shames"),
    ],
)
def test_a_planted_fault_is_found(body, word):
    problems = strings.problems_of(languages()["es"], SOURCE, catalog_of("es", body))
    assert len(problems) == 1
    assert word in problems[0]


def test_three_plural_forms_in_spanish_are_found():
    catalog = catalog_of("es", GOOD)
    catalog.mime_headers = [("Plural-Forms", "nplurals=3; plural=(n != 1)")]
    assert any(
        "Plural-Forms" in problem for problem in strings.problems_of(languages()["es"], SOURCE, catalog)
    )


def test_no_catalog_at_all_is_found():
    assert strings.problems_of(languages()["es"], SOURCE, None) == ["es: there is no catalog"]


def test_a_broken_translation_is_shown_in_english_not_as_an_error(app, monkeypatch):
    broken = catalog_of("es", GOOD.replace("Debe %(amount)s", "Debe %(monto)s"))
    loaded = Translations(BytesIO(language.compiled(broken)))
    with app.test_request_context("/"):
        g.language, g.catalog = languages()["es"], loaded
        assert render_template_string("{{ _('You owe %(amount)s.', amount='5') }}") == "You owe 5."
        assert render_template_string("{{ ngettext('%(num)s payment', '%(num)s payments', 2) }}") == "2 pagos"


def test_a_catalog_written_anew_keeps_what_was_known():
    again = strings.renewed(languages()["es"], SOURCE, catalog_of("es", GOOD))
    read = read_po(BytesIO(again), locale="es")
    assert read["You owe %(amount)s."].string == "Debe %(amount)s."
    assert strings.renewed(languages()["es"], SOURCE, read) == again


def test_a_read_only_installation_still_speaks(monkeypatch, tmp_path):
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_bytes(strings.renewed(languages()["es"], SOURCE, catalog_of("es", GOOD)))
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    monkeypatch.setattr("pathlib.Path.write_bytes", refuse)
    spanish = Language(
        tag="es", name="", catalog="es", babel="es", direction="ltr", plurals="", complete=True
    )
    assert language.load(spanish).ugettext("You owe %(amount)s.") == "Debe %(amount)s."


def refuse(*_):
    raise PermissionError
