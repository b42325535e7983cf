"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IN_SWEEP = sa.text("sweep IS NOT NULL")


def upgrade() -> None:
    _small()
    _graphs()
    _runs()
    _indexes()
    _events()
    _files()


def _small() -> None:
    for name, value in (("counter", sa.BigInteger()), ("setting", sa.Text())):
        op.create_table(
            name,
            sa.Column("name", sa.String(40), nullable=False),
            sa.Column("value", value, nullable=False),
            sa.PrimaryKeyConstraint("name", name=f"{name}_pkey"),
        )
    op.create_table(
        "document",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="document_pkey"),
    )


def _graphs() -> None:
    op.create_table(
        "graph",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="graph_pkey"),
        sa.UniqueConstraint("change", name="graph_change_unique"),
    )
    op.create_table(
        "revision",
        sa.Column("graph", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("saved", sa.Float(), nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("graph", "revision", name="revision_pkey"),
        sa.ForeignKeyConstraint(["graph"], ["graph.id"], name="revision_graph_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["document"], ["document.digest"], name="revision_document_fkey"),
        sqlite_with_rowid=False,
    )


def _runs() -> None:
    op.create_table(
        "sweep",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("axes", sa.Text(), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="sweep_pkey"),
        sa.UniqueConstraint("number", name="sweep_number_unique"),
    )
    op.create_table(
        "run",
        sa.Column("number", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("models", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("worker", sa.Text()),
        sa.Column("progressed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("started", sa.Float()),
        sa.Column("finished", sa.Float()),
        sa.Column("ran", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cached", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("blocked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("graph", sa.String(40)),
        sa.Column("graph_revision", sa.Integer()),
        sa.Column("sweep", sa.String(40)),
        sa.Column("cell", sa.Integer()),
        sa.Column("retry_of", sa.String(40)),
        sa.Column("fault", sa.Text()),
        sa.Column("outputs", sa.Text()),
        sa.PrimaryKeyConstraint("number", name="run_pkey"),
        sa.UniqueConstraint("id", name="run_id_unique"),
        sa.ForeignKeyConstraint(["document"], ["document.digest"], name="run_document_fkey"),
        sa.ForeignKeyConstraint(["sweep"], ["sweep.id"], name="run_sweep_fkey"),
    )


def _indexes() -> None:
    op.create_index("run_queue", "run", ["status", sa.text("priority DESC"), "place"])
    op.create_index("run_status", "run", ["status", "number"])
    op.create_index("run_graph", "run", ["graph", "number"])
    _in_sweep("run_sweep", "number")
    _in_sweep("run_sweep_status", "status", "number")
    _in_sweep("run_cell", "cell", unique=True)
    op.create_index("run_document", "run", ["document"])
    op.create_index("revision_document", "revision", ["document"])


def _in_sweep(name: str, *columns: str, unique: bool = False) -> None:
    op.create_index(name, "run", ["sweep", *columns], unique=unique, sqlite_where=_IN_SWEEP, postgresql_where=_IN_SWEEP)


def _events() -> None:
    op.create_table(
        "event",
        sa.Column("run", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run", "n", name="event_pkey"),
        sa.ForeignKeyConstraint(["run"], ["run.number"], name="event_run_fkey", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "key",
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("run", _NUMBER),
        sa.Column("sweep", sa.String(40)),
        sa.PrimaryKeyConstraint("key", name="key_pkey"),
        sa.ForeignKeyConstraint(["run"], ["run.number"], name="key_run_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sweep"], ["sweep.id"], name="key_sweep_fkey", ondelete="CASCADE"),
    )
    op.create_index("key_run", "key", ["run"])
    op.create_index("key_sweep", "key", ["sweep"])


def _files() -> None:
    op.create_table(
        "asset",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("seconds", sa.Float()),
        sa.PrimaryKeyConstraint("digest", name="asset_pkey"),
        sa.UniqueConstraint("number", name="asset_number_unique"),
    )
    op.create_table(
        "share",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("run", _NUMBER, nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("revoked", sa.Float()),
        sa.PrimaryKeyConstraint("id", name="share_pkey"),
        sa.UniqueConstraint("number", name="share_number_unique"),
        sa.UniqueConstraint("token", name="share_token_unique"),
        sa.ForeignKeyConstraint(["run"], ["run.number"], name="share_run_fkey", ondelete="CASCADE"),
    )
    op.create_index("share_run", "share", ["run"])
