"""When a stage opens: by evidence and by the calendar, never by a refusal."""

from collections.abc import Callable, Mapping
from typing import Any

from portal.core.bounds.model import EVIDENCE, Condition, StageRule

Report = Callable[[str, str, str], None]
CONDITION_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "evidence": {"type": "string", "enum": list(EVIDENCE)},
        "dpd_min": {"type": "integer", "minimum": 0},
        "campaign": {"type": "string"},
        "any": {"type": "array", "maxItems": 20, "items": {"$ref": "#/$defs/condition"}},
    },
}
STAGES_SCHEMA: dict[str, Any] = {
    "type": "array",
    "minItems": 1,
    "maxItems": 10,
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["stage"],
        "properties": {"stage": {"type": "integer", "minimum": 0}, "if": {"$ref": "#/$defs/condition"}},
    },
}


def reached(condition: Condition, *, evidence: str, days_past_due: int, campaigns: tuple[str, ...]) -> bool:
    """Tell whether a condition holds for this evidence level, age and set of campaigns."""
    if condition.any and not any(
        reached(one, evidence=evidence, days_past_due=days_past_due, campaigns=campaigns)
        for one in condition.any
    ):
        return False
    return (
        EVIDENCE.index(evidence) >= EVIDENCE.index(condition.evidence)
        and days_past_due >= condition.dpd_min
        and (not condition.campaign or condition.campaign in campaigns)
    )


def stage_of(
    rules: tuple[StageRule, ...], *, evidence: str, days_past_due: int, campaigns: tuple[str, ...]
) -> int:
    """Return the highest stage whose condition holds; stage 0 is always open."""
    open_stages = [
        rule.stage
        for rule in rules
        if reached(rule.when, evidence=evidence, days_past_due=days_past_due, campaigns=campaigns)
    ]
    return max(open_stages, default=0)


def read_stages(value: Any, path: str, report: Report) -> tuple[StageRule, ...]:
    """Read `stage_by`: a list of { stage, if }; problems go to `report(path, message, fix)`."""
    if not isinstance(value, list) or not 1 <= len(value) <= 10:
        report(path, "is not a list of 1 to 10 stages", 'write [ {"stage": 0, "if": { … } } ]')
        return (StageRule(),)
    rules = []
    for i, item in enumerate(value):
        where = f"{path}[{i}]"
        if not isinstance(item, Mapping) or type(item.get("stage")) is not int or set(item) - {"stage", "if"}:
            report(where, "is not { stage, if }", 'write {"stage": 1, "if": {"evidence": "budget_self"} }')
            continue
        rules.append(
            StageRule(stage=item["stage"], when=_condition(item.get("if", {}), f"{where}.if", report))
        )
    return tuple(rules)


def _condition(value: Any, path: str, report: Report) -> Condition:
    if not isinstance(value, Mapping):
        report(path, "is not an object", "write { … }")
        return Condition()
    for key in set(value) - {"evidence", "dpd_min", "campaign", "any"}:
        report(f"{path}.{key}", "cannot open a stage", "use evidence, dpd_min, campaign or any")
    evidence, dpd = value.get("evidence", "none"), value.get("dpd_min", 0)
    if evidence not in EVIDENCE:
        report(f"{path}.evidence", f"{evidence!r} is not known", f"use one of: {', '.join(EVIDENCE)}")
        evidence = "adviser"
    if type(dpd) is not int or dpd < 0:
        report(f"{path}.dpd_min", f"{dpd!r} is not a number of days", "write a whole number")
        dpd = 0
    options = value.get("any", [])
    return Condition(
        evidence=evidence,
        dpd_min=dpd,
        campaign=str(value.get("campaign", "")),
        any=tuple(_condition(one, f"{path}.any[{i}]", report) for i, one in enumerate(options)),
    )


def check_stages(rules: tuple[StageRule, ...], bands: int) -> list[tuple[str, str]]:
    """Return (message, fix) for a stage list that is not 0, 1, 2 … with one band each."""
    stages = [rule.stage for rule in rules]
    found = []
    if stages != list(range(len(stages))):
        found.append(("stages are not 0, 1, 2 … in order", "number them from 0 without gaps"))
    if len(stages) > bands:
        found.append(("there are more stages than values of band_q", "give band_q one value a stage"))
    return found
