"""docs/engine.md is run as it is printed."""

import re
from pathlib import Path

from tests.core.negotiation.helpers import DOCUMENT

PAGE = Path(__file__).parents[3] / "docs" / "engine.md"


def test_the_sample_of_the_page_runs(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    names = {"document": DOCUMENT}
    exec(compile(code, str(PAGE), "exec"), names)  # noqa: S102 -- the page's own sample
    printed = capsys.readouterr().out
    assert printed.startswith("counter ['WAIVER_FAMILY', 'PERSON']")
    assert "Dial(lowest=3760" in printed
