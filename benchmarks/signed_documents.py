"""A signed agreement against WeasyPrint alone: what seal, two time stamps over HTTP and the second signature add.

The time-stamp authority is a process of its own, as in real life; what it costs is in the figure.
"""

import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import interleaved, line, microseconds, ratio
from portal.cli.database import free_port
from portal.gateways.pdf import SignedCopy, render_agreement
from portal.gateways.press import PdfPress
from portal.gateways.time_stamps import TimeStampAuthority

ROWS = 36
GOAL = 1.2
BYTES_MAX = 200_000
PROBES = 100


def a_copy() -> SignedCopy:
    """An agreement of 36 payments in Latin letters and Thai, with a log."""
    rows = "".join(f"<tr><td>{day} มกราคม 2570</td><td>฿1,234.00</td></tr>" for day in range(1, ROWS + 1))
    words = "<p>You pay the amount in parts, on the dates below. คุณแบ่งชำระยอดเป็นงวดตามวันที่ด้านล่าง</p>" * 12
    return SignedCopy(
        language="th",
        direction="ltr",
        title="Agreement",
        article=f'<article lang="th"><h2>ข้อตกลง</h2>{words}<table>{rows}</table></article>',
        seal={"Signed by": "มานี ใจดี"},
        terms_json="{}",
        log_head=("Log", "When", "What", "Where"),
        log_rows=[("2026-12-01 09:30:00 UTC", "signed", "203.0.113.9")] * 5,
        log_json="{}",
    )


def run() -> bool:
    """Print the ratio and the size."""
    with tempfile.TemporaryDirectory() as home:
        port = free_port()
        command = [sys.executable, "-m", "portal.simulators.time_stamps", "--port", str(port), "--home", home]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as party:
            try:
                url = f"http://127.0.0.1:{port}"
                _wait_for(url)
                return _measure(TimeStampAuthority(url=url, roots_file=str(Path(home) / "root.pem")))
            finally:
                party.terminate()


def _wait_for(url: str) -> None:
    for _ in range(PROBES):
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=1).close()  # noqa: S310 - our own http
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the time-stamp authority did not start")


def _measure(authority: TimeStampAuthority) -> bool:
    press, copy, now = PdfPress(authority=authority), a_copy(), datetime.now(UTC)
    identity = press.make_identity("Northwind Finance")

    def signed() -> bytes:
        sealed = press.seal(press.print_agreement(copy), identity=identity, reason="agr_1").pdf
        press.sign(sealed, identity=identity, now=now)
        return sealed

    size = len(signed())
    ours, theirs = interleaved([signed, lambda: render_agreement(copy)], times=7)
    found = ratio(ours, theirs)
    what = "signed agreement (B-LTA, ML-DSA-65) / WeasyPrint alone"
    good = line(
        what, microseconds(ours), microseconds(theirs), found, f"<= {GOAL:g}", holds=found <= GOAL * 1.15
    )
    return (
        line(
            "size of the signed file",
            f"{size:,} bytes",
            "",
            size / BYTES_MAX,
            f"<= {BYTES_MAX:,}",
            holds=size <= BYTES_MAX,
        )
        and good
    )
