import json
from pathlib import Path

import jsonschema
import pytest

from portal.core.bounds.json_schema import bounds_schema
from portal.core.bounds.presets import preset
from tests.core.bounds.documents import an_example, segment_of

PUBLISHED = Path(__file__).parents[3] / "docs" / "bounds.schema.json"


def test_the_published_schema_is_the_one_that_the_code_makes():
    assert json.loads(PUBLISHED.read_text()) == bounds_schema()


def test_the_schema_takes_what_the_parser_takes():
    jsonschema.Draft202012Validator.check_schema(bounds_schema())
    for document in (an_example(), preset("GBP"), preset("VND")):
        jsonschema.validate(document, bounds_schema())


def test_the_schema_refuses_what_the_parser_refuses():
    document = an_example()
    segment_of(document)["families"]["installment"]["n_max"] = 0
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, bounds_schema())
