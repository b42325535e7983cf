"""The steps between versions: they lead to the tables that the code uses."""

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import server.database
from server.database.engines import parse, writing_engine
from server.database.migrations import HEAD, VERSIONS
from server.database.opening import bring_up_to_date, take_lock
from server.database.tables import METADATA


def test_the_versions_are_those_that_alembic_finds() -> None:
    steps = Config()
    steps.set_main_option("script_location", f"{server.database.__path__[0]}/migrations")
    found = ScriptDirectory.from_config(steps)
    assert tuple(reversed([step.revision for step in found.walk_revisions()])) == VERSIONS
    assert found.get_heads() == [HEAD]


def test_the_steps_lead_to_the_tables_that_the_code_uses(database_url: str) -> None:
    url = parse(database_url)
    take_lock(url)
    engine = writing_engine(url, busy=1)
    bring_up_to_date(engine)
    engine.dispose()
    engine = create_engine(url)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA)
        tables = set(METADATA.tables) | {"alembic_version"}
        assert set(engine.dialect.get_table_names(connection)) == tables
    engine.dispose()
    assert found == []
