"""The commands that ask a server: what it has run, and what to do with it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from client import Client
    from client.schema import Run

Server = Annotated[
    str, typer.Option("--server", metavar="URL", help="Where it is; its token may stand in PROMPTOGRAPH_TOKEN.")
]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="The id of a run.")]
HERE = "http://127.0.0.1:8420"
T = TypeVar("T")

app = typer.Typer(help="Ask a server: runs, show, cancel, retry, pause, resume.", no_args_is_help=True)


@app.command()
def runs(
    server: Server = HERE,
    status: Annotated[str | None, typer.Option("--status", help="queued, running, done, failed or cancelled.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="How many.")] = 20,
) -> None:
    """List runs, the newest first."""
    page = _ask(server, lambda client: client.runs(status=status, limit=limit))
    for run in page.runs:
        typer.echo(f"{run.id}  {run.status:<9}  {run.name}")


@app.command()
def show(run: RunId, server: Server = HERE) -> None:
    """Give a run as JSON: its inputs, how it stands, and what it made."""
    typer.echo(_ask(server, lambda client: client.run(run)).model_dump_json(indent=2))


@app.command()
def cancel(run: RunId, server: Server = HERE) -> None:
    """End a run; one that has ended stays as it is."""
    _tell(_ask(server, lambda client: client.cancel(run)))


@app.command()
def retry(run: RunId, server: Server = HERE) -> None:
    """Run the same once more; what is known is not computed again."""
    _tell(_ask(server, lambda client: client.retry(run)))


@app.command()
def pause(server: Server = HERE) -> None:
    """Take no more runs; those that are running go on."""
    waiting = _ask(server, lambda client: client.pause()).counts.get("queued", 0)
    typer.echo(f"paused; {waiting:,} runs wait")


@app.command()
def resume(server: Server = HERE) -> None:
    """Take runs again."""
    _ask(server, lambda client: client.resume())
    typer.echo("the queue goes on")


def _tell(run: "Run") -> None:
    typer.echo(f"{run.id}  {run.status}")


def _ask(server: str, question: "Callable[[Client], Awaitable[T]]") -> T:
    """Ask once, with little patience: a person waits."""
    import asyncio

    from cli.remote import told
    from client import Client, ClientError

    async def ask() -> T:
        async with Client(server, patience=0) as client:
            return await question(client)

    try:
        return asyncio.run(ask())
    except ClientError as error:
        raise told(error) from None
