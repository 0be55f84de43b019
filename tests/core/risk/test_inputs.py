import ast
from pathlib import Path

import portal.core.negotiation.inputs
import portal.core.risk
from portal.core.negotiation.facts import AccountFacts, Budget, Facts, PlanHistory
from portal.core.risk.inputs import INPUTS, Inputs, row_of

ALLOWED = {
    "first_payment", "stage", "auto_pay", "payday_gap", "weekly", "kept_share", "broken_plans", "contact",
    "balance_band", "dpd_band", "down_share", "waiver_share", "vest_years", "evidence", "training", "december",
    "unemployment",
}  # fmt: skip
FORBIDDEN = {
    "age", "birth", "born", "sex", "gender", "marital", "married", "nationality", "citizenship", "language", "locale",
    "religion", "health", "postcode", "zip", "address", "device", "agent", "sentiment", "mood", "name", "first_name",
    "vulnerable", "flags", "wants_person", "race", "ethnicity",
}  # fmt: skip
HOME = Path(portal.core.risk.__file__).parent
READER = Path(portal.core.negotiation.inputs.__file__)


def test_the_list_is_the_allowed_one():
    assert set(INPUTS) == ALLOWED
    assert set(row_of(Inputs())) == ALLOWED


def words_of(path):
    """Names that the code reads or writes: attributes, arguments, keywords, keys; not prose."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword | ast.arg) and node.arg:
            yield node.arg
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            yield str(node.slice.value)


def test_no_source_of_the_model_reads_anything_else():
    facts = {f for kind in (Facts, AccountFacts, Budget, PlanHistory) for f in kind.__dataclass_fields__}
    for path in (*HOME.glob("*.py"), READER):
        words = set(words_of(path))
        met = words & (FORBIDDEN - {"name"})
        assert not met, f"{path.name} reads {met}"
    read = set(words_of(READER)) & facts
    assert read <= {"history", "kept", "broken", "days_past_due"}


def test_the_walk_sees_a_planted_name(tmp_path):
    planted = tmp_path / "planted.py"
    planted.write_text("def f(case):\n    return case.debtor.gender\n")
    assert "gender" in set(words_of(planted))
