"""Alembic's entry: run the steps on the connection that it was given, inside that connection's transaction."""

from alembic import context

from server.database.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
