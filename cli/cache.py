"""The commands that look after the cache folder."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import CacheFolder

if TYPE_CHECKING:
    from engine.disk import DiskTier

app = typer.Typer(help="Look after the cache folder: info, verify, gc, clear.", no_args_is_help=True)


@app.command()
def info(cache: CacheFolder = None) -> None:
    """Say where the cache is and what it holds."""
    disk = _disk(cache)
    usage = disk.usage()
    typer.echo(f"{disk.folder}\n{usage.actions:,} actions, {usage.values:,} values, {usage.bytes / 1e6:,.1f} MB")


@app.command()
def verify(cache: CacheFolder = None) -> None:
    """Read every value; what is damaged is removed and will be computed again."""
    damaged = _disk(cache).verify()
    for digest in damaged:
        typer.echo(digest)
    typer.echo(f"{len(damaged):,} damaged values removed" if damaged else "every value is whole")


@app.command()
def gc(
    cache: CacheFolder = None,
    keep: Annotated[
        str, typer.Option("--keep", metavar="SIZE", help="How much may stay, like 500MB or 20GB.")
    ] = "20GB",
) -> None:
    """Remove leftovers of killed runs, and what was used longest ago until the rest fits."""
    from engine.cache import in_bytes

    disk = _disk(cache)
    goal = in_bytes(keep)
    leftovers, freed = disk.sweep(), disk.evict(down_to=goal)
    typer.echo(f"{leftovers:,} leftover files removed, {freed / 1e6:,.1f} MB freed")


@app.command()
def clear(cache: CacheFolder = None) -> None:
    """Forget every result; nothing else is lost."""
    disk = _disk(cache)
    usage = disk.usage()
    disk.clear()
    typer.echo(f"{usage.values:,} values removed, {usage.bytes / 1e6:,.1f} MB freed")


def _disk(named: CacheFolder) -> "DiskTier":
    from cli.compose import cache_folder
    from engine.cache import in_bytes
    from engine.disk import DiskTier

    return DiskTier(cache_folder(named), budget=in_bytes("20GB"))
