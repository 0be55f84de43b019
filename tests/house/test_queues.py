"""A queue that is named has a lane, a lane has a task, and a job that is put in has a task of that name and queue."""

import ast

from portal.core.negotiation.explain import CODES
from portal.jobs.app import QUEUES, app
from portal.jobs.worker import load_tasks
from portal.store import jobs
from portal.web.reasons import KNOWN_CODES
from tests.house.tree import Source, sources


def put_in(looked_at):
    """List what is put in: (module, task, queue), constants looked up in their module."""
    found = []
    for source in looked_at:
        constants = {
            node.targets[0].id: node.value.value
            for node in source.tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "jobs.defer":
                queue = next(word.value for word in node.keywords if word.arg == "queue")
                found.append((source.name, _value(node.args[1], constants), _value(queue, constants)))
    return found


def _value(node, constants):
    return node.value if isinstance(node, ast.Constant) else constants.get(getattr(node, "id", ""), "?")


def strangers(found, tasks):
    return [one for one in found if tasks.get(one[1]) != one[2]]


def test_every_lane_has_a_task_and_every_task_a_lane():
    used = load_tasks()
    own = {
        task.queue for task in app.tasks.values() if not task.name.startswith(("procrastinate.", "builtin:"))
    }
    assert own - set(QUEUES) == set(), "a task in a queue that no lane serves"
    assert set(QUEUES) - used <= {"evidence", "imports"}, "a lane that no task uses"


def test_every_job_that_is_put_in_is_known():
    load_tasks()
    tasks = {task.name: task.queue for task in app.tasks.values()}
    found = put_in(
        source
        for top in ("portal/actions/", "portal/jobs/", "portal/store/", "portal/web/")
        for source in sources(top)
    )
    assert len(found) >= 4
    assert strangers(found, tasks) == []
    assert callable(jobs.defer)


def test_a_job_nobody_does_is_found():
    planted = Source("planted", "jobs.defer(tx, 'make_tea', queue='kitchen')\n")
    assert strangers(put_in([planted]), {"make_coffee": "kitchen"}) == [("planted", "make_tea", "kitchen")]


def test_every_reason_has_its_sentence():
    assert set(KNOWN_CODES) == set(CODES)
