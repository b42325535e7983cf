"""Import everything once, then fork: a new worker costs a few hundredths of a second, not ten seconds.

The server starts one zygote, which knows the catalog and no tensor library. It forks a second one, which imports the
libraries that the nodes name, while the first can already fork workers for runs that need none.

python -m server.processes.zygote SOCKET CATALOG PARENT

Guarantees
1. A zygote has one thread whenever it forks; one that cannot have one says so and forks nothing.
2. Every child that it has forked is told of when it ends, with how it ended, and nothing of its group is left.
3. It ends with the server, and its children with it.
"""

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from engine import Catalog
from engine.engine import default_threads
from server.processes.confine import PACKET, confine, follow
from server.processes.setting import Setting
from server.processes.worker_process import serve

FDS = 3  # of a child: its socket, where it prints to, its black box

# What nodes that name a library import when they are called, and what takes its time
WARM: Mapping[str, tuple[str, ...]] = {
    "diffusers": ("diffusers.models.unets.unet_2d_condition", "diffusers.models.autoencoders.autoencoder_kl"),
    "transformers": ("transformers.models.clip.modeling_clip",),
    "pillow": ("PIL.Image", "PIL.JpegImagePlugin", "PIL.PngImagePlugin"),
    "scipy": ("scipy.integrate",),
    "torchsde": ("torchsde",),
}


def main() -> None:
    """Be the first zygote."""
    number, name, parent = sys.argv[1:]
    follow(int(parent))
    with socket.socket(fileno=int(number)) as control:
        Zygote(control, catalog_of(name)).serve()


def catalog_of(name: str) -> Catalog:
    """Give the catalog that `module:ATTRIBUTE` names."""
    module, _, attribute = name.partition(":")
    found = getattr(importlib.import_module(module), attribute)
    if not isinstance(found, Catalog):
        raise TypeError(f"{name} is no catalog")
    return found


def warm_up(catalog: Catalog) -> None:
    """Import what the nodes of a catalog name; nothing touches a device."""
    libs = {lib for function in catalog.nodes.values() for lib in function.spec.libs}
    catalog.prepare(sorted(libs), {"device": "cpu", "threads": default_threads()})
    for lib in sorted(libs):
        for module in WARM.get(lib, ()):
            importlib.import_module(module)


class Zygote:
    """Forks what the server asks for, and tells how it ended."""

    def __init__(self, control: socket.socket, catalog: Catalog) -> None:
        self._control = control
        self._catalog = catalog
        self._wake, self._woken = socket.socketpair()
        self._pid = os.getpid()

    def serve(self) -> None:
        """Answer until the server is gone."""
        for end in (self._wake, self._woken):
            end.setblocking(False)
        signal.set_wakeup_fd(self._woken.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        gc.collect()
        gc.freeze()  # or the collector of each child would copy the pages that they share
        self._tell({"told": "ready", "threads": threads()})
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._wake, selectors.EVENT_READ)
            while self._turn({key.fileobj for key, _ in selector.select()}):
                pass

    def _turn(self, ready: set[Any]) -> bool:
        if self._wake in ready:
            self._wake.recv(PACKET)
            self._reap()
        if self._control in ready:
            message, fds, _, _ = socket.recv_fds(self._control, PACKET, FDS)
            if not message:
                return False
            self._fork(json.loads(message), fds)
        return True

    def _fork(self, order: dict[str, Any], fds: list[int]) -> None:
        if threads() > 1:
            self._tell({"told": "refused", "id": order["id"], "why": "a library has started threads when imported"})
        else:
            try:
                pid = os.fork()
            except OSError as error:
                self._tell({"told": "refused", "id": order["id"], "why": error.strerror})
            else:
                if pid == 0:
                    self._be(order, fds)
                with contextlib.suppress(OSError):  # the child does so too: whoever is first, it can be killed now
                    os.setpgid(pid, pid)
                self._tell({"told": "forked", "id": order["id"], "pid": pid})
        for fd in fds:
            os.close(fd)

    def _be(self, order: dict[str, Any], fds: list[int]) -> NoReturn:
        """In the child: become what was asked for, and never come back."""
        code = 1
        try:
            self._become(order, fds)
            code = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)

    def _become(self, order: dict[str, Any], fds: list[int]) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for end in (self._control, self._wake, self._woken):
            end.close()
        sock, printed = fds[:2]
        for standard in (1, 2):
            os.dup2(printed, standard)
        os.close(printed)
        for fd in (sock, *fds[2:]):
            os.set_inheritable(fd, False)
        os.umask(0o077)
        gc.unfreeze()
        ROLES[order["role"]](self._catalog, socket.socket(fileno=sock), order, fds[2:], self._pid)

    def _reap(self) -> None:
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                return
            self._bury(ended.si_pid)

    def _bury(self, pid: int) -> None:
        """End what the child has left of its group while its number is still its own, then let it go."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        self._tell({"told": "ended", "pid": pid, "status": os.waitstatus_to_exitcode(status)})

    def _tell(self, message: dict[str, Any]) -> None:
        try:
            self._control.send(json.dumps(message).encode())
        except BrokenPipeError:
            raise SystemExit from None  # the server has left, perhaps before all was imported


def threads() -> int:
    """Count the threads of this process, also those that Python does not know."""
    return len(os.listdir("/proc/self/task"))


def _worker(catalog: Catalog, sock: socket.socket, order: dict[str, Any], fds: list[int], parent: int) -> None:
    setting = Setting(**order["setting"])
    confine(parent, memory=setting.limit)
    serve(catalog, sock, setting, box=fds[0])


def _zygote(catalog: Catalog, sock: socket.socket, order: dict[str, Any], fds: list[int], parent: int) -> None:
    os.setpgid(0, 0)
    follow(parent)
    for fd in fds:
        os.close(fd)
    warm_up(catalog)
    Zygote(sock, catalog).serve()


ROLES: Mapping[str, Callable[[Catalog, socket.socket, dict[str, Any], list[int], int], None]] = {
    "worker": _worker,
    "zygote": _zygote,
}

if __name__ == "__main__":
    main()
