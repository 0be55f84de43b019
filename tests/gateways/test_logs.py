import io
import json
import logging

import pytest
import structlog

from portal.gateways.logs import configure_logs


@pytest.fixture
def lines():
    """What was logged, line by line; the logging set-up of pytest comes back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs(level="info", process="web", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_line_is_json_with_its_known_keys(lines):
    structlog.get_logger().info("delivery_failed", lender_id=7, attempt=2, seconds=0.25)
    (line,) = lines()
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "delivery_failed",
        "level": "info",
        "process": "web",
        "lender_id": 7,
        "attempt": 2,
        "seconds": 0.25,
    }


def test_personal_data_has_no_way_in_by_a_key(lines):
    structlog.get_logger().info("seen", phone="+12015550105", full_name="Maria Lopez", status=200)
    (line,) = lines()
    assert line["dropped"] == 2
    assert "Maria" not in json.dumps(line)
    assert "+1201" not in json.dumps(line)


def test_nor_by_the_name_of_the_event(lines):
    structlog.get_logger().info("Maria Lopez signed in")
    assert lines()[0]["event"] == "unnamed"


def test_nor_by_the_message_of_an_exception(lines):
    def fail():
        raise ValueError("Maria Lopez")

    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("page_failed", endpoint="plans.show")
    (line,) = lines()
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["trace"]
    assert "Maria" not in json.dumps(line)


def test_nor_by_another_library(lines):
    log = logging.getLogger("some.library")
    log.warning("could not send to %s", "+12015550105")
    log.warning(f"could not send to {'+12015550105'}")  # noqa: G004 - the bad habit that is tested
    log.info("chatter")
    first, second = lines()
    assert first["template"] == "could not send to %s"
    assert first["logger"] == "some.library"
    assert "template" not in second
    assert "+1201" not in json.dumps([first, second])


def test_long_values_are_cut_and_line_breaks_stay_inside_the_line(lines):
    structlog.get_logger().info("seen", reason="a\nb" * 500)
    (line,) = lines()
    assert len(line["reason"]) == 300
