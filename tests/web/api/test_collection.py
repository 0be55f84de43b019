"""The collection in docs has every call of the document, and nothing else. `python -m tests.web.api.test_collection`
writes it."""

import json
import re
from pathlib import Path

import jsonschema

from portal.web.api.collection import write_collection
from portal.web.api.openapi import document

FILE = Path(__file__).parents[3] / "docs" / "clients" / "every-call.http"


def requests():
    for part in FILE.read_text(encoding="utf-8").split("\n### ")[1:]:
        head, _, body = part.partition("\n\n")
        method, place = re.search(r"^(GET|POST|PUT) \{\{portal\}\}(\S+)$", head, re.MULTILINE).groups()
        yield method, place.partition("?")[0], head, body.strip()


def test_the_file_is_what_the_document_makes():
    assert FILE.read_text(encoding="utf-8") == write_collection()


def test_every_call_is_there_once():
    told = sorted((method, place) for method, place, _head, _body in requests())
    known = sorted(
        (method.upper(), re.sub(r"\{(\w+)\}", lambda found: found[1].upper(), path))
        for path, methods in document()["paths"].items()
        for method in methods
    )
    assert told == known


def test_every_request_has_a_key_and_every_post_its_own_name():
    for method, place, head, _body in requests():
        assert re.search(r"^Authorization: Bearer \{\{\w*key\}\}$", head, re.MULTILINE), place
        assert ("Idempotency-Key:" in head) == (method == "POST"), place


def test_every_body_fits_the_document():
    operations = {
        (method.upper(), re.sub(r"\{(\w+)\}", lambda found: found[1].upper(), path)): one
        for path, methods in document()["paths"].items()
        for method, one in methods.items()
    }
    checked = 0
    for method, place, _head, body in requests():
        content = operations[method, place].get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        schema = {**content["schema"], "components": document()["components"]}
        errors = jsonschema.Draft202012Validator(schema).iter_errors(json.loads(body))
        assert [one.message for one in errors if "…" not in one.message] == [], (method, place)
        checked += 1
    assert checked > 20


if __name__ == "__main__":
    FILE.write_text(write_collection(), encoding="utf-8")
