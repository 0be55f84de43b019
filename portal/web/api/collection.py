"""Every call of the API as a `.http` file, which editors, Bruno and Postman send or read in; made from the document."""

import json
import re
from collections.abc import Mapping
from typing import Any

from portal.web.api.explorer import sample
from portal.web.api.openapi import document
from portal.web.api.routes import PREFIX, ROUTES

_KEYS = {"lender": "key", "counselor": "counselor_key", "trainer": "trainer_key"}
_HEAD = """\
### Every call of the API, made from /api/openapi.json. Set these before you begin; a name in capitals is yours to fill.
@portal = http://127.0.0.1:8080
@key = prt_…
@counselor_key = prg_…
@trainer_key = prg_…
"""


def write_collection() -> str:
    """Write the file: one request an operation, with a small body that the document takes."""
    callers = {(line.method, PREFIX + line.path): _KEYS[line.caller] for line in ROUTES}
    return "\n".join(
        [
            _HEAD,
            *(
                _request(method.upper(), path, one, callers[method.upper(), path])
                for path, methods in document()["paths"].items()
                for method, one in methods.items()
            ),
        ]
    )


def _request(method: str, path: str, operation: Mapping[str, Any], key: str) -> str:
    place = re.sub(r"\{(\w+)\}", lambda found: found[1].upper(), path)
    needed = [
        f"{one['name']}={one['name'].upper()}"
        for one in operation["parameters"]
        if one["in"] == "query" and one["required"]
    ]
    lines = [
        f"### {operation['summary']}",
        f"# {operation['description']}",
        f"{method} {{{{portal}}}}{place}{'?' if needed else ''}{'&'.join(needed)}",
        f"Authorization: Bearer {{{{{key}}}}}",
    ]
    if method == "POST":
        lines.append("Idempotency-Key: {{$guid}}")
    return "\n".join([*lines, *_body(operation), ""])


def _body(operation: Mapping[str, Any]) -> list[str]:
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        body = json.dumps(sample(content["application/json"]["schema"]), ensure_ascii=False, indent=2)
        return ["Content-Type: application/json", "", body]
    if content:
        return [f"Content-Type: {next(iter(content))}", "", "< ./accounts.csv"]
    return []
