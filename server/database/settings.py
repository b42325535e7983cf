"""What is set while the server runs, and kept over restarts."""

from sqlalchemy import Connection, delete, insert, select

from server.database.tables import setting

_PAUSED = "paused"


def pause(connection: Connection, *, paused: bool) -> None:
    """Hold the queue back, or let it go on."""
    connection.execute(delete(setting).where(setting.c.name == _PAUSED))
    if paused:
        connection.execute(insert(setting).values(name=_PAUSED, value="true"))


def is_paused(connection: Connection) -> bool:
    """Say whether the queue is held back."""
    return connection.scalar(select(setting.c.value).where(setting.c.name == _PAUSED)) is not None
