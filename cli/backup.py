"""The command `backup`: copy what a server keeps, also while it runs."""

from pathlib import Path
from typing import Annotated

import typer


def backup(
    target: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder.")],
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The data folder of the server.")] = None,
    database: Annotated[str | None, typer.Option("--database", metavar="URL", help="Its database.")] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", envvar="PROMPTOGRAPH_CONFIG", metavar="FILE", help="Its promptograph.toml."),
    ] = None,
) -> None:
    """Copy the graphs, runs and assets of a server into a new folder; to go back, name that folder with --data.

    The token is not copied: a restored server makes a new one.
    """
    given = {"data": data, "database": database}
    from cli.serving import copy

    copy({name: value for name, value in given.items() if value is not None}, target, file=config)
    typer.echo(str(target))
