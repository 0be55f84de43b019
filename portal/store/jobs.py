"""Background jobs: the job library's tables in a schema of their own, and a job put in by an action's transaction.

A job is a hint that carries the lender and references, never facts (SCALE.md 2): what must happen is written in the
lender's own tables, and a sweeper finds what a lost hint missed. Each function of the library gets its own search
path, so a job is put in by a qualified call from any connection, whatever that connection's path is.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.store.work import SharedTransaction, Transaction

SCHEMA = "procrastinate"
PATH_OPTION = f"-c search_path={SCHEMA}"
"""What a connection of the library's own pool is opened with."""

_DEFER = text(
    "SELECT procrastinate.procrastinate_defer_jobs_v1(ARRAY[ROW("
    "CAST(:queue AS varchar), CAST(:task AS varchar), CAST(:priority AS integer), CAST(:lock AS text), "
    "CAST(:once AS text), CAST(:args AS jsonb), CAST(:not_before AS timestamptz)"
    ")::procrastinate.procrastinate_job_to_defer_v1])"
)


def defer(
    tx: Transaction | SharedTransaction,
    task: str,
    *,
    queue: str,
    lock: str | None = None,
    once: str | None = None,
    not_before: datetime | None = None,
    priority: int = 0,
    **args: Any,
) -> int | None:
    """Put a job in the queue, in this transaction: it exists if and when the transaction commits.

    Jobs of one `lock` run one after the other. Of one `once` there is never more than one waiting: then None is
    given and the transaction stays whole. The lender's number goes along as `lender_id`.
    """
    known = {"lender_id": tx.lender_id} if isinstance(tx, Transaction) else {}
    values = {
        "queue": queue,
        "task": task,
        "priority": priority,
        "lock": lock,
        "once": once,
        "args": json.dumps(known | args),
        "not_before": not_before,
    }
    if once is None:
        return _insert(tx, values)
    try:
        with tx.connection.begin_nested():
            return _insert(tx, values)
    except IntegrityError:
        return None


def _insert(tx: Transaction | SharedTransaction, values: Mapping[str, Any]) -> int:
    return int(tx.connection.execute(_DEFER, values).scalar_one()[0])


def install(owner_url: str, *, roles: tuple[str, ...] = ("portal_app", "portal_bulk")) -> None:
    """Put the job library's tables in, or bring them up to the installed version; run twice = once.

    `owner_url` is the address of the owner role; `roles` may use what is made.
    """
    current = version("procrastinate")
    with psycopg.connect(owner_url) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)))
        connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(SCHEMA)))
        there = _installed_version(connection)
        if there == current:
            return
        for script in _scripts(there):
            connection.execute(script)
        _pin_functions(connection)
        _grant(connection, roles)
        comment = sql.SQL("COMMENT ON SCHEMA {} IS {}")
        connection.execute(comment.format(sql.Identifier(SCHEMA), sql.Literal(current)))


def _installed_version(connection: psycopg.Connection[Any]) -> str | None:
    row = connection.execute("SELECT obj_description(%s::regnamespace, 'pg_namespace')", [SCHEMA]).fetchone()
    return row[0] if row else None


def _scripts(there: str | None) -> list[str]:
    """The whole schema for an empty database, or the library's migrations after the version that is there."""
    folder = files("procrastinate.sql")
    if there is None:
        return [folder.joinpath("schema.sql").read_text(encoding="utf-8")]
    steps = sorted(
        (step for step in folder.joinpath("migrations").iterdir() if step.name.endswith(".sql")),
        key=lambda step: step.name,
    )
    return [step.read_text(encoding="utf-8") for step in steps if _number(step.name[:8]) > _number(there)]


def _number(text_: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text_.split(".")[:3])


def _pin_functions(connection: psycopg.Connection[Any]) -> None:
    rows = connection.execute(
        "SELECT proname, pg_get_function_identity_arguments(oid) FROM pg_proc WHERE pronamespace = %s::regnamespace",
        [SCHEMA],
    ).fetchall()
    for name, arguments in rows:
        connection.execute(
            sql.SQL("ALTER FUNCTION {}.{}({}) SET search_path = {}, pg_temp").format(
                sql.Identifier(SCHEMA),
                sql.Identifier(name),
                sql.SQL(arguments),
                sql.Identifier(SCHEMA),
            )
        )


def _grant(connection: psycopg.Connection[Any], roles: tuple[str, ...]) -> None:
    for role in roles:
        for right in (
            "USAGE ON SCHEMA procrastinate",
            "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA procrastinate",
            "USAGE ON ALL SEQUENCES IN SCHEMA procrastinate",
            "EXECUTE ON ALL FUNCTIONS IN SCHEMA procrastinate",
        ):
            grant = sql.SQL("GRANT {} TO {}")
            connection.execute(grant.format(sql.SQL(right), sql.Identifier(role)))
