"""The commands that look after the cache folder."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import CacheFolder

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from engine.disk import DiskTier

app = typer.Typer(help="Look after the cache folder: info, verify, gc, clear.", no_args_is_help=True)


@app.command()
def info(cache: CacheFolder = None) -> None:
    """Say where the cache is and what it holds."""
    with _disk(cache) as disk:
        usage = disk.usage()
    typer.echo(f"{disk.folder}\n{usage.actions:,} actions, {usage.values:,} values, {usage.bytes / 1e6:,.1f} MB")


@app.command()
def verify(cache: CacheFolder = None) -> None:
    """Read every value; what is damaged is removed and will be computed again."""
    with _disk(cache) as disk:
        damaged = disk.verify()
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

    goal = in_bytes(keep)
    with _disk(cache) as disk:
        leftovers, freed = disk.sweep(), disk.evict(down_to=goal)
    typer.echo(f"{leftovers:,} leftover files removed, {freed / 1e6:,.1f} MB freed")


@app.command()
def clear(
    cache: CacheFolder = None,
    pinned: Annotated[
        bool, typer.Option("--pinned", help="Also what documents pin: such nodes must be unpinned.")
    ] = False,
) -> None:
    """Forget every result but those that documents pin; nothing else is lost."""
    with _disk(cache) as disk:
        before = disk.usage()
        disk.clear(held=pinned)
        after = disk.usage()
    stay = f"; {after.values:,} pinned values stay" if after.values else ""
    removed, freed = before.values - after.values, (before.bytes - after.bytes) / 1e6
    typer.echo(f"{removed:,} values removed, {freed:,.1f} MB freed{stay}")


def _disk(named: CacheFolder) -> "AbstractContextManager[DiskTier]":
    from contextlib import closing

    from cli.compose import cache_folder
    from engine.cache import in_bytes
    from engine.disk import DiskTier

    return closing(DiskTier(cache_folder(named), budget=in_bytes("20GB")))
