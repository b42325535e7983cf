"""Lanes call nodes in threads: one for the accelerator, a few for the processor, many for waiting."""

import threading
import time
from typing import Any

import pytest

from engine import node
from engine.lanes import WIDTHS, Lanes
from engine.spec import Lane
from tests.engine.toys import bench, document, wait_until


@pytest.mark.parametrize("lane", list(WIDTHS))
def test_a_lane_is_as_wide_as_it_says(lane: Lane) -> None:
    lanes = Lanes()
    width = WIDTHS[lane]
    release, entered, most = threading.Event(), [0], [0]
    lock = threading.Lock()
    done = threading.Semaphore(0)

    def work() -> None:
        with lock:
            entered[0] += 1
            most[0] = max(most[0], entered[0])
        release.wait(10)
        with lock:
            entered[0] -= 1
        done.release()

    for _ in range(width + 5):
        lanes.submit(lane, work)
    wait_until(lambda: entered[0] == width)
    time.sleep(0.05)
    assert most[0] == width
    release.set()
    for _ in range(width + 5):
        assert done.acquire(timeout=10)
    assert most[0] == width
    lanes.close()


def test_work_of_one_lane_is_begun_in_the_order_in_which_it_came() -> None:
    lanes = Lanes()
    seen: list[int] = []
    done = threading.Event()
    for at in range(100):
        lanes.submit("gpu", lambda at=at: seen.append(at))  # type: ignore[misc]
    lanes.submit("gpu", done.set)
    assert done.wait(10)
    assert seen == list(range(100))
    lanes.close()


def test_threads_start_only_when_there_is_work_and_end_when_the_lanes_are_closed() -> None:
    def alive() -> int:
        return sum(thread.name.startswith("lane-") and thread not in before for thread in threading.enumerate())

    before = set(threading.enumerate())
    lanes = Lanes()
    assert alive() == 0
    done = threading.Event()
    lanes.submit("cpu", done.set)
    assert done.wait(10)
    assert alive() == 1
    lanes.close()
    wait_until(lambda: alive() == 0)


def test_the_threads_are_daemons() -> None:
    seen: list[bool] = []
    done = threading.Event()

    def look() -> None:
        seen.append(threading.current_thread().daemon)
        done.set()

    lanes = Lanes()
    lanes.submit("io", look)
    assert done.wait(10)
    assert seen == [True]
    lanes.close()


def test_two_heavy_nodes_never_run_at_the_same_time_and_light_ones_run_beside_them() -> None:
    lock, inside, wrong = threading.Lock(), [0], []
    light = threading.Event()

    @node(lane="gpu")
    def heavy(a: int) -> int:
        """Compute on the accelerator."""
        with lock:
            inside[0] += 1
            if inside[0] > 1:
                wrong.append(a)
        if not light.wait(10):
            wrong.append(-a)
        time.sleep(0.01)
        with lock:
            inside[0] -= 1
        return a

    @node(lane="cpu")
    def beside(a: int) -> int:
        """Run beside."""
        light.set()
        return a

    nodes: dict[str, Any] = {f"h{at}": {"type": "Heavy", "params": {"a": at + 1}} for at in range(5)}
    nodes["z"] = {"type": "Beside", "params": {"a": 1}}
    result = bench().with_nodes(heavy, beside).engine().run(document(nodes))
    assert (result.status, wrong) == ("done", [])
