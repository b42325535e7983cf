"""A PostgreSQL server for the tests, from Debian's binaries: it listens on a socket file only."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg


class NotInstalled(Exception):  # noqa: N818 - a reason to skip, not a failure
    """There is no PostgreSQL on this machine, or nobody to run it as."""


@dataclass(frozen=True)
class Server:
    """A server that runs, with the folder of its socket."""

    folder: Path
    programs: Path
    user: str

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{self.user}@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(f"host={self.folder} user={self.user} dbname=postgres", autocommit=True) as connection:
            connection.execute(statement.encode())

    def run(self, program: str, *words: str) -> None:
        run_as(self.user, [str(self.programs / program), *words])


def run_as(user: str, command: list[str]) -> None:
    """Run a program as a user, since PostgreSQL refuses to run as root."""
    account = pwd.getpwnam(user)
    as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=60, **as_user)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command[0]}: {done.stdout[-1000:]}{done.stderr[-1000:]}"


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Start a server in a new folder. Raises NotInstalled."""
    programs, user = _programs(), _user()
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # the path of a socket may have 107 characters
    started = Server(folder, programs, user)
    try:
        shutil.chown(folder, user)
        started.run("initdb", "-D", str(folder / "data"), "-U", user, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c max_connections=40"
        started.run("pg_ctl", "-D", str(folder / "data"), "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield started
        finally:
            started.run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise NotInstalled("PostgreSQL is not installed (Debian: apt install postgresql)")
    return found[-1].parent


def _user() -> str:
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid()).pw_name
    known = {account.pw_name for account in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return name
    raise NotInstalled("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`")
