import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from portal.cli.events import ROOT, documents
from portal.core.events.catalog import CATALOG
from portal.core.events.documents import (
    build_asyncapi,
    envelope_schema,
    sample_envelope,
    sample_event_id,
    write_page,
)
from portal.core.events.envelope import encode


@pytest.mark.parametrize("path", ["docs/events.md", "docs/asyncapi.json"])
def test_the_documents_in_the_tree_are_current(path):
    assert (ROOT / path).read_text() == documents()[path], "run: portal events document"


def test_a_document_that_is_not_current_is_seen(tmp_path: Path):
    stale = (ROOT / "docs/events.md").read_text().replace("agreement.signed", "agreement.sealed")
    assert stale != documents()["docs/events.md"]


def test_the_page_names_every_type_and_every_field():
    page = write_page()
    for kind in CATALOG.values():
        section = page.split(f"### {kind.name}\n")[1].split("\n### ")[0]
        assert kind.meaning in section
        assert all(f"`{name}`" in section for name in kind.schema["properties"])


def test_every_pointer_of_the_asyncapi_document_leads_somewhere():
    document = build_asyncapi(version="1")
    text = json.dumps(document)
    pointers = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
    assert len(pointers) > len(CATALOG)
    for pointer in pointers:
        place = document
        for step in pointer.removeprefix("#/").split("/"):
            place = place[step]
        assert place
    assert len(document["components"]["messages"]) == len(CATALOG)
    assert document["asyncapi"] == "3.0.0"


@pytest.mark.parametrize("kind", CATALOG.values(), ids=lambda kind: kind.name)
def test_each_sample_fits_its_published_schema(kind):
    actor = build_asyncapi(version="1")["components"]["schemas"]["actor"]
    schema = envelope_schema(kind) | {"components": {"schemas": {"actor": actor}}}
    jsonschema.validate(json.loads(encode(sample_envelope(kind.name))), schema)


def test_sample_ids_are_different_and_of_version_7():
    ids = {sample_event_id(name) for name in CATALOG}
    assert len(ids) == len(CATALOG)
    assert {one.version for one in ids} == {7}
    at = datetime(2026, 12, 1, 9, 30, 0, 123_000, tzinfo=UTC).timestamp() * 1000
    assert {one.int >> 80 for one in ids} == {int(at)}
