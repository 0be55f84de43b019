"""The moved dial against a bare Flask on the same server: requests a second.

./portal.sh run -- python -m benchmarks simulate
"""

from statistics import median

from benchmarks.measure import line
from benchmarks.serving import Side, bare, compare, get, post, product

GOAL = 0.5
TIMES = 600


def run() -> bool:
    """Move the dial of a debtor's simulator by htmx; gives whether the goal holds."""
    with bare() as (port, session), product() as visit:
        fields = {**visit.form, "amount": "95.00", "last": "90.00"}
        ours = Side(visit.port, visit.session, post(f"{visit.account}/plan", visit.cookie, fields), TIMES)
        theirs = Side(port, session, get("/healthz"), TIMES * 3)
        compare(ours, theirs)
    found = median(mine / other for mine, other in zip(ours.rates, theirs.rates, strict=True))
    print(f"  CPU a request: {median(ours.cpu):.0f} us against {median(theirs.cpu):.0f} us of the bare Flask")
    return line(
        "simulate fragment, requests a second",
        f"{median(ours.rates):.0f}/s",
        f"{median(theirs.rates):.0f}/s",
        found,
        f">= {GOAL}",
        holds=found >= GOAL,
    )
