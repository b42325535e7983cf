"""Connect a worker to the server's socket: orders come in, what happens goes out, and a heartbeat in any case.

Guarantees
1. The process ends as soon as the socket does.
2. The heart beats while a run is carried out, however long a node takes.
"""

import os
import queue
import socket
import threading
import traceback
from pathlib import Path
from typing import Any

from engine import Cache, Catalog, Engine, Files
from engine.cache import FileMemo
from engine.engine import default_threads
from server.pipe import Channel, Frame
from server.processes.blackbox import Recorder
from server.processes.outbox import Outbox
from server.processes.setting import Setting
from server.processes.told import finite
from server.processes.worker import Order, Task, Worker

_FOREVER = 1e9  # seconds: the server decides when a worker that does not listen is killed


def serve(catalog: Catalog, sock: socket.socket, setting: Setting, *, box: int) -> None:
    """Be a worker until the server lets go."""
    kind, _, index = setting.device.partition(":")
    if kind == "cuda" and index:
        os.environ["CUDA_VISIBLE_DEVICES"] = index  # so that keys are the same on all devices of a kind
    worker = Worker(_engine(catalog, kind, setting), calling=Recorder(box).calling)
    Process(worker, Channel(sock), heartbeat=setting.heartbeat).serve()


class Process:
    """The threads of a worker's process: this one listens, one works, one sends, one beats."""

    def __init__(self, worker: Worker, channel: Channel, *, heartbeat: float) -> None:
        self._worker = worker
        self._channel = channel
        self._heartbeat = heartbeat
        self._outbox = Outbox()
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._stopped = threading.Event()

    def serve(self) -> None:
        """Listen until the server is gone or says to stop."""
        work = threading.Thread(target=self._work, name="work", daemon=True)
        for thread in (
            work,
            threading.Thread(target=self._send, name="send", daemon=True),
            threading.Thread(target=self._beat, name="beat", daemon=True),
        ):
            thread.start()
        while (frame := self._channel.receive()) is not None:
            if self._told_to_stop(frame):
                self._stopped.set()
                self._tasks.put(None)
                self._worker.cancel()
                work.join()
                return
        os._exit(0)

    def _told_to_stop(self, frame: Frame) -> bool:
        match frame.header:
            case {"order": "take", **order}:
                self._tasks.put(self._worker.begin(_order(order, frame.payload)))
            case {"order": "cancel", "run": str(run)}:
                self._worker.cancel(run)
            case {"order": "watch", "run": str(run), "watched": bool(watched)}:
                self._worker.watch(run, watched=watched)
            case {"order": "stop"}:
                return True
            case _:
                raise ValueError(f"no such order: {frame.header}")
        return False

    def _work(self) -> None:
        self._outbox.put({"told": "ready", **self._worker.vitals()})
        try:
            while (task := self._tasks.get()) is not None:
                self._worker.carry_out(task, self._tell)
                self._outbox.put({"told": "vitals", **self._worker.vitals()})
            self._worker.close()
        except BaseException:  # there is nothing to go on with: the server hears of it by the end of the process
            traceback.print_exc()
            os._exit(1)

    def _tell(self, header: dict[str, Any], payload: bytes) -> None:
        try:
            self._put(header, payload)
        except ValueError:  # numbers that are none have come up in what a node made
            self._put(finite(header), payload)

    def _put(self, header: dict[str, Any], payload: bytes) -> None:
        if header["told"] in ("progress", "preview"):
            self._outbox.replace(
                (header["told"], header["node"], header["item"], header.get("media_type")), header, payload
            )
        else:
            self._outbox.put(header, payload)

    def _send(self) -> None:
        try:
            while True:
                self._channel.send_encoded(self._outbox.take())
        except OSError:
            os._exit(0)  # nobody is there to work for

    def _beat(self) -> None:
        while not self._stopped.wait(self._heartbeat):
            self._outbox.replace("beat", {"told": "vitals", **self._worker.vitals(), "disk": self._worker.disk()})


def _engine(catalog: Catalog, device: str, setting: Setting) -> Engine:
    cache = Cache(setting.cache, memory=setting.values)
    memo = {} if cache.disk is None else FileMemo(cache.disk)
    files = Files(Path(setting.data), tuple(map(Path, setting.roots)), memo)
    return Engine(
        catalog,
        cache=cache,
        files=files,
        device=device,
        threads=default_threads(),
        residency=setting.residency,
        grace=_FOREVER,
    )


def _order(header: dict[str, Any], document: bytes) -> Order:
    return Order(**{**header, "targets": tuple(header["targets"])}, document=document)
