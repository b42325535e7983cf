"""Start the server with what the command line was given."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer


def carry_out(flags: Mapping[str, Any], *, file: Path | None) -> None:
    """Serve until told to stop; what cannot be started is told in one line."""
    from server.settings import RefusedError, load

    try:
        settings = load(flags, file=file)
        from server.serving import serve

        serve(settings)
    except RefusedError as error:
        raise typer.BadParameter(str(error)) from None
