"""Run a folder of cases: one line a file, exit status 1 when a case fails."""

import json
import sys
from collections import Counter
from pathlib import Path

from tests.conformance.families import FAMILIES, family_of
from tests.conformance.verdicts import Case, Family, NotApplicableError, inputs_of

SHOWN = 5


def say(line: str) -> None:
    """Write a line to the standard output."""
    sys.stdout.write(f"{line}\n")


def judge(family: Family, case: Case) -> tuple[str, str]:
    """Return passed, failed or not_applicable for a case, with the reason."""
    try:
        answer = family.answer((family.strip or inputs_of)(case))
        difference = family.differs(answer, case)
    except NotApplicableError as reason:
        return "not_applicable", str(reason)
    except Exception as fault:  # noqa: BLE001 - a crash is a failed case, the other cases still run
        return "failed", f"{type(fault).__name__}: {fault}"
    return ("failed", difference) if difference else ("passed", "")


def run(path: Path) -> tuple[Counter[str], Counter[str], list[str]]:
    """Return counts, reasons of not-applicable cases, and the first failures of a file."""
    document = json.loads(path.read_text(encoding="utf-8"))
    name = document.get("file", path.stem)
    family = family_of(str(name)) or family_of(path.stem)
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    failures: list[str] = []
    for case in document.get("cases", []):
        verdict, reason = (
            judge(family, case) if family else ("not_applicable", "no arithmetic of this product")
        )
        counts[verdict] += 1
        if verdict == "not_applicable":
            reasons[reason] += 1
        elif verdict == "failed":
            failures.append(f"{case.get('id')}: {reason}")
    return counts, reasons, failures


def report(path: Path) -> bool:
    """Print the line of a file and return whether nothing failed."""
    counts, reasons, failures = run(path)
    told = "; ".join(f"{reason} {count}" for reason, count in reasons.most_common())
    line = f"{path.stem} passed={counts['passed']} failed={counts['failed']}"
    line += f" not_applicable={counts['not_applicable']}"
    say(f"{line} ({told})" if told else line)
    for failure in failures[:SHOWN]:
        say(f"    {failure}")
    if len(failures) > SHOWN:
        say(f"    … and {len(failures) - SHOWN} more")
    return not failures


def main(arguments: list[str]) -> int:
    """Run the folder named on the command line."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        say("usage: python -m tests.conformance DIR")
        return 2
    paths = sorted(Path(arguments[0]).glob("*.json"))
    if not paths:
        say(f"no JSON file in {arguments[0]}")
        return 2
    good = [report(path) for path in paths]
    known = sorted(FAMILIES)
    say(f"{sum(good)} of {len(good)} files without a failure; families: {', '.join(known)}")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
