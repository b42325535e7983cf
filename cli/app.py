"""The command line: its commands, and what its exit codes mean.

Exit codes: 0 done, 1 a node failed, 2 a bad graph, bad input or wrong usage, 130 cancelled.

Guarantees
1. Bad input is told in a line for each problem, with place and mend; PROMPTOGRAPH_TRACE=1 shows tracebacks.
2. Help, completion and a fully cached run import no torch.
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from cli import backup, cache, client, graph, listing, report_page, run, serve, train

if TYPE_CHECKING:
    from engine import Catalog

DONE, NODE_FAILED, BAD_INPUT, CANCELLED = 0, 1, 2, 130

app = typer.Typer(
    name="promptograph",
    help="Run node graphs of text-steered generative models; nothing is computed twice.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command()(run.run)
app.command()(report_page.report)
app.command()(graph.plan)
app.command()(graph.why)
app.command()(graph.validate)
app.command()(graph.diff)
app.command()(listing.nodes)
app.command()(listing.models)
app.add_typer(cache.app, name="cache")
app.command()(train.train)
app.command()(serve.serve)
app.command()(backup.backup)
app.add_typer(client.app, name="client")


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version and leave.")) -> None:
    if version:
        from engine.action import library_version

        typer.echo(f"promptograph {library_version('promptograph') or '(not installed)'}")
        raise typer.Exit


def main(catalog: "Callable[[], Catalog] | None" = None, arguments: Sequence[str] | None = None) -> None:
    """Run the command line, with the node types of `catalog` (default: those that ship), and exit."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    code = exit_code(list(sys.argv[1:] if arguments is None else arguments), catalog or shipped)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go_of_stdout()
    sys.stderr.flush()
    os._exit(code)  # a thread that still loads or computes would abort an interpreter that shuts down


def exit_code(arguments: list[str], catalog: "Callable[[], Catalog]") -> int:
    """Run the command line and give its exit code."""
    try:
        code: Any = app(arguments, prog_name="promptograph", obj=catalog, standalone_mode=False)
        return code if isinstance(code, int) else DONE
    except typer.TyperException as error:
        return _refuse(error)
    except (KeyboardInterrupt, typer.Abort):
        return CANCELLED
    except BrokenPipeError:
        _let_go_of_stdout()
        return DONE
    except Exception as error:
        if os.environ.get("PROMPTOGRAPH_TRACE") == "1":
            raise
        from cli.faults import code_of, sentences

        for sentence in sentences(error):
            print(f"error: {sentence}", file=sys.stderr)
        return code_of(error)


def _refuse(error: typer.TyperException) -> int:
    """Say what was wrong with the arguments, in one line."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "promptograph"
    text = " ".join(error.format_message().split()).rstrip(".")
    if text:
        print(f"error: {text}; see {command} --help", file=sys.stderr)
    return BAD_INPUT


def _let_go_of_stdout() -> None:
    """Whoever read our output has left: nothing more can be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def shipped() -> "Catalog":
    """Give the node types that ship."""
    from nodes import CATALOG

    return CATALOG
