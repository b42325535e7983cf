"""Copy what is kept to another folder, while the server runs.

Guarantees
1. The copy is of one moment, and holds every file that it names.
2. The copy appears whole under its name or not at all.
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from sqlalchemy import URL

from server.database.engines import parse
from server.database.errors import Unavailable, Unopenable


def backup(url: str, assets: Path, target: Path) -> Path:
    """Copy a database and the folder of assets into a new folder, and give it; also while a server uses them."""
    if target.exists():
        raise Unopenable(f"{target} is there already; name a new folder")
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        partial.mkdir(parents=True, mode=0o700)
        _copy_database(parse(url), partial)
        _copy_assets(assets, partial / "assets")  # after the database: a file is there before it is named
        _sync(partial)
        partial.rename(target)
        _sync_one(target.parent)
    except OSError as error:
        raise Unavailable(f"cannot write the backup: {error.strerror}", full=error.errno == 28) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target


def _copy_database(url: URL, folder: Path) -> None:
    if url.drivername == "sqlite":
        _copy_sqlite(Path(str(url.database)), folder / "promptograph.sqlite")
    else:
        _dump_postgresql(url, folder / "promptograph.dump")


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.is_file():
        raise Unopenable(f"there is no database {source}")
    try:
        with (
            contextlib.closing(sqlite3.connect(source, timeout=30)) as here,
            contextlib.closing(sqlite3.connect(target)) as there,
        ):
            here.backup(there)  # in one step: it reads one moment, and holds up no writer
    except sqlite3.Error as error:
        full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
        raise Unavailable(
            "cannot copy the database: " + ("the disk is full" if full else str(error)), full=full
        ) from error
    target.chmod(0o600)


def _dump_postgresql(url: URL, target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise Unopenable("pg_dump is not installed; install PostgreSQL's client programs")
    where = url.set(drivername="postgresql", password=None).render_as_string()
    command = [program, "--format=custom", "--no-password", f"--file={target}", f"--dbname={where}"]
    secret = {} if url.password is None else {"PGPASSWORD": url.password}  # others can see the words of a command
    ended = subprocess.run(command, env={**os.environ, **secret}, capture_output=True, text=True)
    if ended.returncode:
        raise Unavailable(f"pg_dump failed: {ended.stderr.strip()[:500]}")


def _copy_assets(source: Path, target: Path) -> None:
    target.mkdir(mode=0o700)
    for path in source.iterdir() if source.is_dir() else ():
        if path.is_file() and path.suffix != ".partial":
            shutil.copyfile(path, target / path.name)


def _sync(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        _sync_one(path)


def _sync_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
