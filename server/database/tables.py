"""The tables, as the newest migration leaves them.

Order is never by time but by numbers that count up; the counters are rows too, so that they are the same on every
database and never go back. A document is kept once, by its digest, however many runs and revisions have it.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)

NAMES = {
    "ix": "%(table_name)s_%(column_0_name)s",
    "uq": "%(table_name)s_%(column_0_name)s_unique",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}
METADATA = MetaData(naming_convention=NAMES)
_IN_SWEEP = text("sweep IS NOT NULL")  # other runs cost nothing there
_NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # so that it is SQLite's own row number

counter = Table(
    "counter",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

setting = Table(
    "setting",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

document = Table(
    "document",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("text", Text, nullable=False),
)

graph = Table(
    "graph",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("change", BigInteger, nullable=False, unique=True),  # the latest saved has the highest
    Column("revision", Integer, nullable=False),
    Column("created", Float, nullable=False),
)

revision = Table(
    "revision",
    METADATA,
    Column("graph", ForeignKey("graph.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("saved", Float, nullable=False),
    Column("document", ForeignKey("document.digest"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

sweep = Table(
    "sweep",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("number", BigInteger, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("axes", Text, nullable=False),
    Column("cells", Integer, nullable=False),
    Column("created", Float, nullable=False),
)

run = Table(
    "run",
    METADATA,
    Column("number", _NUMBER, primary_key=True, autoincrement=False),
    Column("id", String(40), nullable=False, unique=True),
    Column("status", String(10), nullable=False),
    Column("name", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("place", BigInteger, nullable=False),  # in the queue, among those of the same priority
    Column("document", ForeignKey("document.digest"), nullable=False, index=True),
    Column("inputs", Text, nullable=False),
    Column("targets", Text, nullable=False),
    Column("models", Text, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("fence", Integer, nullable=False, server_default="0"),  # moves with every change of hands
    Column("worker", Text),
    Column("progressed", Boolean, nullable=False, server_default=false()),  # this attempt has finished something
    Column("last", Integer, nullable=False),
    Column("created", Float, nullable=False),
    Column("started", Float),
    Column("finished", Float),
    Column("ran", Integer, nullable=False, server_default="0"),
    Column("cached", Integer, nullable=False, server_default="0"),
    Column("failed", Integer, nullable=False, server_default="0"),
    Column("blocked", Integer, nullable=False, server_default="0"),
    Column("graph", String(40)),  # no foreign key: the run stays when the graph is deleted
    Column("graph_revision", Integer),
    Column("sweep", ForeignKey("sweep.id")),
    Column("cell", Integer),
    Column("retry_of", String(40)),
    Column("fault", Text),
    Column("outputs", Text),
)

QUEUED = run.c.status == "queued"

Index("run_queue", run.c.status, run.c.priority.desc(), run.c.place)
Index("run_status", run.c.status, run.c.number)
Index("run_graph", run.c.graph, run.c.number)
Index("run_sweep", run.c.sweep, run.c.number, sqlite_where=_IN_SWEEP, postgresql_where=_IN_SWEEP)
Index("run_sweep_status", run.c.sweep, run.c.status, run.c.number, sqlite_where=_IN_SWEEP, postgresql_where=_IN_SWEEP)
Index("run_cell", run.c.sweep, run.c.cell, unique=True, sqlite_where=_IN_SWEEP, postgresql_where=_IN_SWEEP)

event = Table(
    "event",
    METADATA,
    Column("run", ForeignKey("run.number", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),  # JSON, as it is sent
    sqlite_with_rowid=False,
)

key = Table(
    "key",
    METADATA,
    Column("key", String(255), primary_key=True),
    Column("body", String(64), nullable=False),  # the digest of the request
    Column("run", ForeignKey("run.number", ondelete="CASCADE"), index=True),
    Column("sweep", ForeignKey("sweep.id", ondelete="CASCADE"), index=True),
)

asset = Table(
    "asset",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("number", BigInteger, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("created", Float, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("seconds", Float),
)

share = Table(
    "share",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("number", BigInteger, nullable=False, unique=True),
    Column("run", ForeignKey("run.number", ondelete="CASCADE"), nullable=False, index=True),
    Column("token", String(64), nullable=False, unique=True),  # its digest: the token itself is not kept
    Column("created", Float, nullable=False),
    Column("revoked", Float),
)
