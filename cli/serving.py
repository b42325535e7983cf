"""Start the server with what the command line was given, or copy what it keeps."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from cli.device import device_of


def carry_out(flags: Mapping[str, Any], *, file: Path | None) -> None:
    """Serve until told to stop."""
    with _told():
        from server.settings import load

        settings = load(flags, file=file)
        from server.serving import serve

        serve(settings.model_copy(update={"devices": tuple(map(device_of, settings.devices))}))


def copy(flags: Mapping[str, Any], target: Path, *, file: Path | None) -> None:
    """Copy a server's database and assets into a new folder."""
    with _told():
        from server.database import backup
        from server.settings import load

        settings = load(flags, file=file)
        backup(settings.database_url, settings.data / "assets", target)


@contextmanager
def _told() -> Iterator[None]:
    """Tell what cannot be done in one line."""
    from server.database.errors import DatabaseError
    from server.settings import RefusedError

    try:
        yield
    except (RefusedError, DatabaseError) as error:
        raise typer.BadParameter(str(error)) from None
