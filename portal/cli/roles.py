"""The three roles of the product and its database, made on a server of which we are the superuser."""

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

#: Role -> what it may be. The owner migrates; the app serves, under row security; bulk imports and tests back.
ROLES = {
    "portal_owner": "NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS",
    "portal_app": "NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS",
    "portal_bulk": "NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS",
}


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """The address of one database for each role."""

    owner: str
    app: str
    bulk: str


def create_roles(superuser_url: str, passwords: Mapping[str, str]) -> None:
    """Create the three roles, or set their rights and passwords anew where they exist."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        there = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role, rights in ROLES.items():
            verb = "ALTER" if role in there else "CREATE"
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN {} PASSWORD {}").format(
                    sql.SQL(verb), sql.Identifier(role), sql.SQL(rights), sql.Literal(passwords[role])
                )
            )


def create_database(superuser_url: str, *, name: str) -> bool:
    """Create the database, owned by portal_owner, closed to everybody but the three; False if it exists."""
    database = sql.Identifier(name)
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER portal_owner TEMPLATE template0").format(database)
        )
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO portal_app").format(database))
        connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO portal_bulk").format(database))
    return True


def drop_database(superuser_url: str, *, name: str) -> None:
    """Drop the database with everything in it, if it exists."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def is_superuser(url: str) -> bool:
    """Tell whether an address is that of a superuser; raises psycopg.OperationalError when nobody answers."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])
