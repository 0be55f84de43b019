"""Alembic's door: one transaction, as the owner role, with short lock and statement time-outs."""

from alembic import context
from sqlalchemy import Connection, create_engine, pool

from portal.store.tables import metadata

connection = context.config.attributes.get("connection")


def run(open_connection: Connection) -> None:
    open_connection.exec_driver_sql("SET lock_timeout = '4s'")
    open_connection.exec_driver_sql("SET statement_timeout = '60s'")
    open_connection.commit()
    context.configure(connection=open_connection, target_metadata=metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


if connection is not None:
    run(connection)
else:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
    with engine.connect() as fresh:
        run(fresh)
