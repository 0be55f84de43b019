"""The page about the API shows every call, without a script, and its lines for a terminal are true."""

import json
import re

import jsonschema

from portal.web.api.openapi import document


def test_every_call_is_there_with_a_body_that_the_document_takes(client):
    shown = client.get("/api/")
    assert shown.status_code == 200
    page = shown.get_data(as_text=True)
    plain = page.replace("&#34;", '"').replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">")
    for path, methods in document()["paths"].items():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page, path
    bodies = re.findall(r'curl -X (\w+) "\$PORTAL([^"]+)".*?</pre>', plain, re.DOTALL)
    assert len(bodies) == sum(len(methods) for methods in document()["paths"].values())


def test_a_sample_body_has_the_shape_that_is_asked_for(client):
    page = client.get("/api/").get_data(as_text=True).replace("&#34;", '"').replace("&#39;", "'")
    checked = 0
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if not content:
                continue
            start = page.index(f'id="{operation["operationId"]}"')
            body = re.search(r"-d '(.*?)'</pre>", page[start:], re.DOTALL)
            sample = json.loads(body[1])
            schema = {**content["schema"], "components": document()["components"]}
            errors = [
                one.message
                for one in jsonschema.Draft202012Validator(schema).iter_errors(sample)
                if "…" not in one.message
            ]
            assert errors == [], (method, path)
            checked += 1
    assert checked > 15
