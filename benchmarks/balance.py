"""The balance page against a bare Flask on the same server: CPU a request.

./portal.sh run -- python -m benchmarks balance
"""

from statistics import median

from benchmarks.measure import line
from benchmarks.serving import Side, bare, compare, get, product

GOAL = 6.0
TIMES = 600


def run() -> bool:
    """Open the balance of a debtor again and again; gives whether the goal holds."""
    with bare() as (port, session), product() as visit:
        ours = Side(visit.port, visit.session, get(visit.account, visit.cookie), TIMES)
        theirs = Side(port, session, get("/healthz"), TIMES * 3)
        compare(ours, theirs)
    found = median(ours.cpu) / median(theirs.cpu)
    print(
        f"  {median(ours.rates):.0f} requests a second against {median(theirs.rates):.0f} of the bare Flask"
    )
    return line(
        "balance page, CPU a request",
        f"{median(ours.cpu):.0f} us",
        f"{median(theirs.cpu):.0f} us",
        found,
        f"<= {GOAL}",
        holds=found <= GOAL,
    )
