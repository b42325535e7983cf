"""The command `serve`: graphs, runs and the editor over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from cli.options import CacheFolder


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option("--host", help="The address to listen on (127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option("--port", help="The port (8420); 0 takes any that is free.")] = None,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="Where graphs, runs and assets are kept.")
    ] = None,
    cache: CacheFolder = None,
    database: Annotated[
        str | None, typer.Option("--database", metavar="URL", help="sqlite:///... or postgresql+psycopg://...")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option("--token", help="The secret to use; others on this machine can see it in the list of processes."),
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option("--token-file", metavar="FILE", help="A file that holds the secret to use.")
    ] = None,
    allow_public: Annotated[
        bool, typer.Option("--allow-public", help="Listen where other machines can reach it; needs a chosen token.")
    ] = False,
    hosts: Annotated[
        list[str] | None, typer.Option("--allow-host", metavar="NAME", help="A name of this server, beside localhost.")
    ] = None,
    origins: Annotated[
        list[str] | None, typer.Option("--allow-origin", metavar="URL", help="Pages of this origin may ask, too.")
    ] = None,
    devices: Annotated[
        list[str] | None, typer.Option("--device", help="auto, cpu or cuda:0; one worker for each that is given.")
    ] = None,
    worker_memory: Annotated[
        str | None, typer.Option("--worker-memory", metavar="SIZE", help="What a worker may use, such as 8GB.")
    ] = None,
    catalog: Annotated[
        str | None, typer.Option("--catalog", metavar="MODULE:NAME", help="The node types (nodes:CATALOG).")
    ] = None,
    log_level: Annotated[str | None, typer.Option("--log-level", help="debug, info, warning or error.")] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", envvar="PROMPTOGRAPH_CONFIG", metavar="FILE", help="A promptograph.toml to read."),
    ] = None,
) -> None:
    """Serve the editor and the API; the address to open is printed.

    What is not given as a flag is taken from PROMPTOGRAPH_* and then from promptograph.toml.
    """
    from cli.serving import carry_out

    given = {name: value for name, value in context.params.items() if name != "config" and _was_said(value)}
    carry_out(given, file=config)


def _was_said(value: object) -> bool:
    return value is not None and value is not False and value not in ([], ())
