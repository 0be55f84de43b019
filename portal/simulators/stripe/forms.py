"""Form-encoded nested parameters: `line_items[0][price_data][currency]=usd` and how to read them."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from portal.simulators.stripe.errors import ApiError, missing, unknown_parameters

Params = dict[str, Any]
_NAME = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
DEPTH_MAX = 8
PAIRS_MAX = 2_000
METADATA_KEYS_MAX = 50
GONE = "payment_method_types"  # taken out of every request by version 2026-09-30.endive
GONE_SINCE = "2026-09-30"
RENAMED = "allowed_payment_method_types"


def parse(pairs: Iterable[tuple[str, str]]) -> Params:
    """Fold form pairs into nested dictionaries and lists. Raises `ApiError` for what cannot be folded."""
    tree: Params = {}
    for count, (name, value) in enumerate(pairs):
        if count >= PAIRS_MAX:
            raise ApiError("Too many parameters.")
        _put(tree, _path(name), value, name)
    return {key: _lists(value) for key, value in tree.items()}


def _path(name: str) -> list[str]:
    match = _NAME.match(name)
    if not match:
        raise ApiError(f"Invalid parameter name: {name}", code="parameter_unknown", param=name)
    path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
    if len(path) > DEPTH_MAX:
        raise ApiError(f"Parameter nested too deeply: {name}", param=name)
    return path


def _put(tree: Params, path: list[str], value: str, name: str) -> None:
    node = tree
    for step in path[:-1]:
        node = node.setdefault(step or str(len(node)), {})
        if not isinstance(node, dict):
            raise ApiError(f"Invalid hash: {name}", param=name)
    step = path[-1] or str(len(node))
    if isinstance(node.get(step), dict):
        raise ApiError(f"Invalid string: {name}", param=name)
    node[step] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    folded = {key: _lists(inner) for key, inner in value.items()}
    if folded and all(key.isascii() and key.isdigit() for key in folded):
        return [folded[key] for key in sorted(folded, key=int)]
    return folded


def check_names(params: Params, allowed: Collection[str], *, version: str | None = None) -> None:
    """Refuse parameters that the operation does not have, as Stripe does in a version; older ones are renamed."""
    if GONE in params and version is not None and version < GONE_SINCE and RENAMED in allowed:
        params[RENAMED] = params.pop(GONE)
    if GONE in params:
        text = (
            f"The parameter {GONE} is no longer supported in this API version. Use dynamic payment methods."
        )
        raise ApiError(text, code=f"{GONE}_no_longer_supported", param=GONE)
    if strange := [name for name in params if name not in allowed and name != "expand"]:
        raise unknown_parameters(strange)


def text(params: Params, name: str, *, size_max: int = 5_000) -> str | None:
    """Read a string; an empty one unsets and reads as None."""
    value = params.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ApiError(f"Invalid string: {value}", param=name)
    if len(value) > size_max:
        raise ApiError(f"Invalid string: must be at most {size_max} characters", param=name)
    return value


def required(params: Params, name: str) -> str:
    value = text(params, name)
    if value is None:
        raise missing(name)
    return value


def integer(params: Params, name: str) -> int | None:
    value = text(params, name)
    if value is None:
        return None
    if not re.fullmatch(r"-?[0-9]{1,15}", value):
        raise ApiError(f"Invalid integer: {value}", code="parameter_invalid_integer", param=name)
    return int(value)


def boolean(params: Params, name: str) -> bool:
    value = text(params, name)
    if value not in (None, "true", "false"):
        raise ApiError(f"Invalid boolean: {value}", param=name)
    return value == "true"


def choice(params: Params, name: str, allowed: Collection[str], default: str | None = None) -> str | None:
    value = text(params, name)
    if value is not None and value not in allowed:
        raise ApiError(f"Invalid {name}: must be one of {', '.join(sorted(allowed))}", param=name)
    return value or default


def mapping(params: Params, name: str) -> Params:
    value = params.get(name)
    if value in (None, ""):
        return {}
    if not isinstance(value, dict):
        raise ApiError(f"Invalid object: {name}", param=name)
    return value


def listing(params: Params, name: str) -> list[Any]:
    value = params.get(name)
    if value in (None, ""):
        return []
    if not isinstance(value, list):
        raise ApiError(f"Invalid array: {name}", param=name)
    return value


def metadata(params: Params, kept: dict[str, str] | None = None) -> dict[str, str]:
    """Merge metadata into what is kept: an empty value removes its key, as with Stripe."""
    given = params.get("metadata")
    if given == "":
        return {}
    merged = dict(kept or {})
    for key, value in mapping(params, "metadata").items():
        if not isinstance(value, str) or len(key) > 40 or len(value) > 500:
            raise ApiError(
                "Metadata keys have at most 40 and values at most 500 characters.", param="metadata"
            )
        if value:
            merged[key] = value
        else:
            merged.pop(key, None)
    if len(merged) > METADATA_KEYS_MAX:
        raise ApiError("Metadata can have at most 50 keys.", param="metadata")
    return merged
