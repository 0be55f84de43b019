import json
import re
from html import unescape

import pytest

from portal.core.bounds.changes import value_at, with_value
from portal.core.bounds.presets import CURRENCIES, preset
from portal.core.bounds.schema import parse_bounds
from portal.web.lender.rule_fields import FIELDS, all_fields
from portal.web.lender.rule_form import filled, posted
from portal.web.lender.rule_values import UnclearError, read_value, write_value


def typed_from(text):
    """Read a page's form as a browser would post it."""
    form = re.search(r'<form class="split".*?</form>', text, flags=re.DOTALL)[0]
    values = dict(re.findall(r'<input class="box[^"]*" id="([\w-]+)" name="[\w-]+" value="([^"]*)"', form))
    areas = re.findall(r'<textarea class="box" id="([\w-]+)"[^>]*>(.*?)</textarea>', form, flags=re.DOTALL)
    ticks = re.findall(r'<input type="checkbox" id="([\w-]+)"[^>]*checked', form)
    return {k: unescape(v) for k, v in {**values, **dict(areas), **dict.fromkeys(ticks, "1")}.items()}


def edit(console, draft, *, segment="late", do="save", account="", **changes):
    path = f"/lender/bounds/{draft}/edit"
    typed = typed_from(console.text(f"{path}?segment={segment}"))
    typed.pop("account", None)
    values = {**typed, **{k.replace("__", "-"): v for k, v in changes.items()}}
    return console.post(path, segment=segment, do=do, account=account, **values)


def test_a_version_is_read_whole_by_whoever_decides(world, desk):
    """web/lender/bounds_said.py, bounds_text.py: an approver sees every rule of a version, the first one too."""
    version = world.active_version()
    page = desk("approver").text(f"/lender/bounds/{version.bounds_id}")
    for segment in version.body["segments"]:
        assert f"Segment {segment['id']}" in page
    rules = dict(re.findall(r'<th scope="row">([^<]+)</th><td><bdi[^>]*>([^<]+)', page))
    most = {str(one["families"]["installment"]["n_max"]) for one in version.body["segments"]}
    assert rules["Most payments"] in most
    assert rules["Cost of waiting a year"].endswith(" %")
    assert ">≥ 91 days<" in page
    assert "Balance" not in rules, "what leaves nothing out is no rule"
    assert "&#34;segments&#34;: [" in page


def test_saving_what_the_form_shows_changes_nothing(world, desk):
    draft = world.draft()
    console = desk("rules")
    before = world.version(draft).body
    for segment in ("late", "early", "secured"):
        assert edit(console, draft, segment=segment).status_code == 303
    assert world.version(draft).body == before


def test_a_rule_is_changed_and_the_difference_can_be_read(world, desk):
    draft = world.draft()
    console = desk("rules")
    done = edit(
        console,
        draft,
        families__installment__months_max="48",
        families__lump__waiver_ladder="91: 20\n181: 21",
        families__skills__rewards__certified__waive="7.5",
        policy__stage_by="0: none\n1: budget_self\n2: documents | dpd 361 & adviser",
    )
    assert done.status_code == 303, done.get_data(as_text=True)[:3000]
    late = world.version(draft).body["segments"][0]
    assert late["families"]["installment"]["months_max"] == 48
    assert late["families"]["lump"]["waiver_ladder"] == [
        {"dpd": 91, "max": "0.2"},
        {"dpd": 181, "max": "0.21"},
    ]
    assert late["families"]["skills"]["rewards"]["certified"]["waive"] == "0.075"
    assert late["policy"]["stage_by"][2]["if"] == {
        "any": [{"evidence": "documents"}, {"dpd_min": 361, "evidence": "adviser"}]
    }
    text = console.text(f"/lender/bounds/{draft}")
    assert "Installments: Longest plan" in text
    assert "<del><bdi>60</bdi></del>" in text
    assert "<ins><bdi>48</bdi></ins>" in text


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("families__installment__months_max", "many", "Please type a whole number"),
        ("families__installment__months_max", "9999", "whole number from 1 to 480"),
        ("families__restructure__waive_fees_max", "140", "is outside 0 to 1"),
        ("families__installment__installment_min", "fifteen", "Please type an amount"),
        ("families__lump__waiver_ladder", "91 30", "Please write a line for each step"),
        ("families__lump__waiver_ladder", "181: 30\n91: 20", "falls or is out of order"),
        ("policy__stage_by", "0: mood", "Use none, budget_self"),
        ("common__freq", "hourly", "is not known"),
        ("families__installment__method", "compound", "is not known"),
        ("common__day_count", "actual/361", "is not known"),
        ("common__due_on__monthly", "2027-01-29 2027-01-28", "out of order"),
        ("when__dpd", "90", "Please type from and to"),
    ],
)
def test_what_is_wrong_stands_at_its_box_and_stays(world, desk, name, text, said):
    draft = world.draft()
    before = world.version(draft).body
    response = edit(desk("rules"), draft, **{name: text})
    page = unescape(response.get_data(as_text=True))
    assert response.status_code == 422
    assert said in page
    assert text in page
    assert 'aria-invalid="true"' in page
    assert world.version(draft).body == before


def test_a_preview_shows_what_this_account_would_be_offered(world, desk):
    draft = world.draft()
    console = desk("rules")
    ref = world.account.account_ref
    page = unescape(edit(console, draft, do="preview", account=ref).get_data(as_text=True))
    assert "You pay <strong>" in page
    assert 'class="beads"' in page
    gone = edit(console, draft, do="preview", account="nobody").get_data(as_text=True)
    assert "There is no account with this reference" in gone
    assert world.version(draft).state == "draft"
    path = f"/lender/bounds/{draft}/edit"
    fragment = console.post(
        path,
        headers={"HX-Request": "true"},
        segment="late",
        do="preview",
        **{**typed_from(console.text(path)), "account": ref},
    )
    text = fragment.get_data(as_text=True)
    assert text.strip().startswith('<div class="flow" id="preview"')
    assert "You pay <strong>" in text


def test_a_preview_tells_what_flat_interest_costs(world, desk):
    draft = world.draft()
    page = edit(
        desk("rules"),
        draft,
        do="preview",
        account=world.account.account_ref,
        families__installment__rate="12",
        families__installment__method="flat",
        families__restructure__on="",
        families__lump__on="",
        families__parts__on="",
        families__skills__on="",
        families__index__on="",
    )
    said = unescape(page.get_data(as_text=True))
    assert "12% a year on the whole sum (APR 2" in said


def test_the_whole_document_as_text(world, desk):
    draft = world.draft()
    console = desk("rules")
    path = f"/lender/bounds/{draft}/text"
    shown = unescape(re.search(r"<textarea.*?>(.*?)</textarea>", console.text(path), flags=re.DOTALL)[1])
    document = json.loads(shown)
    assert next(iter(document)) == "bounds_id"
    document["segments"][1]["families"]["installment"]["months_max"] = 36
    assert console.post(path, do="check", document=json.dumps(document)).status_code == 200
    assert world.version(draft).body["segments"][1]["families"]["installment"]["months_max"] != 36
    assert console.post(path, do="save", document=json.dumps(document)).status_code == 303
    assert world.version(draft).body["segments"][1]["families"]["installment"]["months_max"] == 36


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1, column 1"),
        ("{", "line 1, column 2"),
        ("[]", "is not an object"),
        ("NaN", "cannot be read"),
        ('{"segments": NaN}', "cannot be read"),
        ("[" * 3000, "cannot be read"),
        ('{"a": "\\u0000"}', "null character"),
        ('{"segments": [{"id": "x", "surprise": 1}]}', "$.segments[0].surprise"),
        ('{"segments": 3}', "is not a list of 1 to 200 segments"),
        ('{"segments": [{"id": "x", "families": {"installment": {"months_max": 1e999}}}]}', "months_max"),
    ],
)
def test_text_that_cannot_be_read_names_the_place_and_stays(world, desk, text, said):
    draft = world.draft()
    response = desk("rules").post(f"/lender/bounds/{draft}/text", do="save", document=text)
    page = unescape(response.get_data(as_text=True))
    assert response.status_code == 422
    assert said in page
    assert f">{text}</textarea>" in page


def test_the_way_into_force_needs_two_people(world, desk, app):
    console = desk("rules")
    draft = world.draft(by=console.staff_id)
    path = f"/lender/bounds/{draft}"
    assert console.post(f"{path}/ask").location.endswith("approval-requested")
    assert console.get(f"{path}/edit").status_code == 404, "it does not change any more"
    assert "Somebody else has to approve it" in console.text(path)
    two_hats = world.sign_in(app.test_client(), "approver", "rules")
    assert two_hats.post(f"{path}/decide", decision="perhaps").status_code == 400
    assert two_hats.post(f"{path}/decide", decision="approved", note="fine").status_code == 303
    assert console.post(f"{path}/activate").location.endswith("activated")
    assert world.version(draft).state == "active"
    text = console.text(path)
    assert "Approved by Approver Person" in text
    again = console.post(f"{path}/activate")
    assert (again.status_code, "is not approved" in again.get_data(as_text=True)) == (422, True)


def test_nobody_approves_their_own_work(world, desk):
    console = desk("rules", "approver")
    draft = world.draft(by=console.staff_id)
    console.post(f"/lender/bounds/{draft}/ask")
    refused = console.post(f"/lender/bounds/{draft}/decide", decision="approved")
    assert refused.status_code == 422
    assert "You worked on this version" in refused.get_data(as_text=True)
    assert world.version(draft).state == "simulated"


def test_counting_answers_with_the_page_or_the_fragment(world, desk):
    draft = world.draft()
    console = desk("auditor")
    path = f"/lender/bounds/{draft}"
    page = console.post(f"{path}/count").get_data(as_text=True)
    assert "Looked at 1 account." in page
    assert "100% would be offered a plan" in page
    fragment = console.post(f"{path}/count", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert fragment.strip().startswith('<section id="count"')


def test_a_draft_can_start_from_what_is_shipped(world, desk):
    console = desk("owner")
    done = console.post("/lender/bounds/drafts", currency="THB")
    assert done.status_code == 303
    assert console.get(done.location).status_code == 200
    assert console.post("/lender/bounds/drafts", currency="XXX").status_code == 404


@pytest.mark.parametrize("currency", CURRENCIES)
def test_every_shipped_document_survives_the_form(app, currency):
    body = preset(currency)
    with app.test_request_context():
        bounds = parse_bounds(body)
        for segment in bounds.segments:
            form = filled(bounds, body, segment.id)
            typed = {box.field.name: box.text for box in form.boxes.values()}
            again = posted(bounds, body, segment.id, typed)
            assert not again.has_errors
            assert again.document == body
            for box in form.boxes.values():
                value = read_value(box.field.unit, box.text, currency)
                if value is not None and box.field.unit not in {"flag", "words", "word"}:
                    assert (
                        write_value(box.field.unit, _parsed(body, segment, box.field.path, value), currency)
                        == box.text
                    )


def _parsed(body, segment, path, value):
    own = next(one for one in body["segments"] if one["id"] == segment.id)
    changed = {**body, "segments": [with_value(own, path, value)]}
    return value_at(parse_bounds(changed).segments[0], path)


def test_every_field_of_the_form_exists_in_the_rules():
    assert len(FIELDS) == len(list(all_fields()))
    assert len({one.name for one in FIELDS.values()}) == len(FIELDS)


@pytest.mark.parametrize(
    "unit", ["share", "rate", "count", "money", "span", "ladder", "tranches", "stages", "rates"]
)
@pytest.mark.parametrize(
    "text", ["x", "1;2;3;;", "–", "%", ".", "1,000", "9" * 400, "1e9", "-1", ":", "||", "&&: &"]
)
def test_typed_nonsense_is_unclear_and_never_breaks(app, unit, text):
    with app.test_request_context():
        try:
            found = read_value(unit, text, "USD")
        except UnclearError as error:
            found = str(error)
    assert found not in (None, "", []), "a value, or words that say how to type one"
    assert json.loads(json.dumps(found, allow_nan=False)) == found, "a value fits a document"
