"""Every URL is a decision: each stands in tests/house/routes.txt with its methods and who may come.

After a decision: `python -m tests.house.test_routes` writes the list anew; git shows what changed.
"""

import ast
from pathlib import Path

from flask import Blueprint

from portal.settings import Settings
from portal.web import access
from portal.web import app as factory
from portal.web.app import create_app
from portal.web.context import Services
from tests.house.tree import sources

LIST = Path(__file__).parent / "routes.txt"


def make_app():
    settings = Settings.from_environment(
        {"PORTAL_ENV": "test", "DATABASE_URL": "postgresql://nobody@localhost/none"}
    )
    return create_app(Services(settings=settings, database=None, clock=None))


def lines(app):
    found = []
    for rule in app.url_map.iter_rules():
        allowed = access.access_of(app.view_functions[rule.endpoint])
        who = allowed.group if not allowed.is_bare else "anybody"
        detail = ",".join(sorted(allowed.roles)) or allowed.scope or ""
        methods = ",".join(sorted(rule.methods - {"HEAD", "OPTIONS"}))
        found.append(f"{rule.rule} {methods} {who}{':' if detail else ''}{detail}")
    return sorted(found)


def test_the_list_names_every_route_and_no_other():
    kept = LIST.read_text(encoding="utf-8").splitlines()
    now = lines(make_app())
    assert sorted(set(kept) - set(now)) == [], "removed without a decision"
    assert sorted(set(now) - set(kept)) == [], "added without a decision"


def test_each_endpoint_is_in_exactly_one_group():
    app = make_app()
    assert access.unmarked(app) == []
    for view in app.view_functions.values():
        assert access.access_of(view).group in access.GROUPS


def test_every_blueprint_of_the_tree_is_in_use():
    in_use = {one.name for one in factory.BLUEPRINTS + factory.DEMO_BLUEPRINTS}
    made = {
        node.value.args[0].value
        for source in sources("portal/web/")
        for node in source.tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", "") == "Blueprint"
    }
    assert made - {"assets"} == in_use, "assets adds itself"


def test_an_endpoint_without_a_group_stops_the_app():
    app = make_app()
    stray = Blueprint("stray", __name__)
    stray.add_url_rule("/stray", "page", lambda: "hello")
    app.register_blueprint(stray)
    assert access.unmarked(app) == ["stray.page"]
    assert app.test_client().get("/stray").status_code == 404


if __name__ == "__main__":
    LIST.write_text("\n".join(lines(make_app())) + "\n", encoding="utf-8")
