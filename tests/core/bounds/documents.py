"""The example document of the specification."""

import json
from copy import deepcopy
from pathlib import Path

EXAMPLE = json.loads((Path(__file__).parent / "example.json").read_text())


def an_example():
    return deepcopy(EXAMPLE)


def segment_of(document):
    return document["segments"][0]
