"""Run a program once: decide what must be called, call it, and tell what happens.

One thread, the caller's, decides; lanes call nodes and send back outcomes. Keys are resolved forward, values are
demanded backward from what was asked for.

Guarantees
1. Equal actions in flight are computed once.
2. After a cancellation is reported no further event is sent.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from queue import Empty, SimpleQueue
from typing import assert_never

from engine import events, pinned
from engine.action import Action, Ref, digests_in
from engine.cache import Tier
from engine.call import Failure, Job, Lacking, Made, Outcome, Stopped, Unusable, Workshop, call, failure_of
from engine.cell import Cell, State
from engine.codec import Held
from engine.digest import Digest
from engine.errors import CacheError, InputError, Missing
from engine.flow import Flow
from engine.inflight import Inflight
from engine.lanes import Lanes
from engine.makers import Makers
from engine.outputs import NotMade, Outputs
from engine.program import Program
from engine.report import Report
from engine.run import Cancel
from graphs import Link

_IDLE_SECONDS = 0.25  # how long to wait for news before committing what waits


class Execution:
    """One run of a program."""

    def __init__(
        self,
        program: Program,
        shop: Workshop,
        lanes: Lanes,
        inflight: Inflight,
        *,
        report: Report,
        cancel: Cancel,
        previews: Callable[[], bool],
        calling: Callable[[str], AbstractContextManager[object]],
        checkpoint_every: int,
    ) -> None:
        self._program = program
        self._shop = shop
        self._lanes = lanes
        self._inflight = inflight
        self._report = report
        self._cancel = cancel
        self._previews = previews
        self._calling = calling
        self._checkpoint_every = checkpoint_every
        self._flow = Flow(program, shop, report)
        self._asked = program.asked()
        self._held: dict[Digest, Held] = {}  # what was asked for, safe from eviction
        self._makers = Makers(self._flow, self._call)
        self._news: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._running = 0
        self._borrowed = 0  # cells that wait for another cell or run to finish the same action
        self._broken: CacheError | None = None

    def run(self, *, grace: float) -> events.RunFinished:
        """Run to the end, and give the last event; calls that ignore a cancellation are left behind after `grace` s."""
        try:
            return self._run(grace)
        except BaseException:
            self._cancel.set()  # nobody waits for what is still called or in line
            raise

    def _run(self, grace: float) -> events.RunFinished:
        begun = time.monotonic()
        self._cancel.listen(self._wake)
        self._flow.demand(self._program.wanted())
        self._report.run_started(sum(node.demanded for node in self._flow.nodes.values()))
        while not self._cancel.asked and self._broken is None and self._advance():
            pass
        finished = self._report.run_finished(
            self._flow.nodes.values(),
            cancelled=self._cancel.asked,
            broken=self._broken is not None,
            seconds=time.monotonic() - begun,
        )
        self._report.close()
        if self._broken is not None:
            raise self._broken
        self._wait_for_lanes(grace)
        return finished

    def outputs(self) -> Outputs:
        """Give what was asked for, by name."""
        refs = {name: self._output(link) for name, link in self._program.outputs.items()}
        return Outputs(refs, self._shop.catalog.codecs, self._held)

    def _output(self, link: Link) -> Ref | NotMade:
        node = self._flow.nodes[link.node]
        if node.state is not State.DONE:
            return NotMade(f"{link} was not made: {node.id} {node.ending()}")
        ref = node.outputs[link.port]
        if link.item is None:
            return ref
        return (
            ref[link.item] if link.item < len(ref) else NotMade(f"{link} was not made: the list has {len(ref)} items")
        )

    # Deciding, one cell after another

    def _advance(self) -> bool:
        """Decide one cell, or wait for news; False when nothing is left to do or can be done."""
        try:
            return self._step()
        except CacheError as error:
            self._broken = error
            return False

    def _step(self) -> bool:
        while not self._news.empty():
            self._news.get()()
        if self._flow.ready:
            cell = self._flow.ready.popleft()
            if not cell.dropped and cell.state is State.READY:
                self._decide(cell)
            return True
        if self._running == 0 and self._borrowed == 0:
            return False
        try:
            news = self._news.get(timeout=_IDLE_SECONDS)
        except Empty:
            self._shop.cache.flush_if_due()
            return True
        news()
        return True

    def _decide(self, cell: Cell) -> None:
        """Find out what a cell's action is and whether its answer is known; call it if not."""
        if cell.outputs:  # its values were lost, and now its own inputs are in hand
            self._call(cell)
            return
        if cell.node.step.pin is not None:
            self._give_pinned(cell, cell.node.step.pin)
            return
        function = cell.node.step.function
        cell.held = self._makers.in_hand(cell)
        try:
            if function.lazy and not self._flow.lazy_inputs_are_there(cell):
                return
            self._flow.inputs.key(cell)
        except Missing as missing:
            self._makers.make_again(cell, [missing.digest])
            return
        except CacheError:
            raise
        except InputError as error:
            self._flow.fail(cell, Failure(str(error), "input", ""))
            return
        except Exception as error:  # a node's own rule may raise anything
            self._flow.fail(cell, failure_of(error))
            return
        cache = self._shop.cache
        if not function.spec.pure or not (self._found(cell, cache.recent(cell.key)) or self._left_to_others(cell)):
            self._call(cell)

    def _give_pinned(self, cell: Cell, pin: Mapping[str, Ref]) -> None:
        """Take what a node is pinned to, or fail it: it is not called."""
        function, cache = cell.node.step.function, self._shop.cache
        wrong = pinned.fault(pin, function.spec.outputs, cache, self._shop.catalog.codecs)
        if wrong or not self._take_in_hand(cell, pin):
            self._failed(cell, Failure(wrong or pinned.GONE, "input", ""))
        else:
            self._complete(cell, pin, tier="pinned")

    def _found(self, cell: Cell, known: tuple[Action, Tier] | None) -> bool:
        """Take what is known of a cell's action, if its answer is there."""
        if known is None or not self._take_in_hand(cell, known[0].outputs):
            return False
        self._complete(cell, known[0].outputs, tier=known[1])
        return True

    def _left_to_others(self, cell: Cell) -> bool:
        """Claim a cell's action, unless another is calling it, or it turns out to be known once it is claimed."""
        if not self._inflight.claim(cell.key, lambda: self._news.put(lambda: self._retry(cell))):
            cell.state = State.WAITING
            self._borrowed += 1
            return True
        cell.claimed = True
        found = False
        try:
            found = self._found(cell, self._shop.cache.action(cell.key))
        except CacheError:
            self._give_back(cell)
            raise
        if found:
            self._give_back(cell)
        return found

    def _give_back(self, cell: Cell) -> None:
        """Let others call a cell's action; one that is called again for a lost value was not claimed."""
        if cell.claimed:
            cell.claimed = False
            self._inflight.release(cell.key)

    def _retry(self, cell: Cell) -> None:
        self._borrowed -= 1
        if not cell.dropped:
            self._flow.make_ready(cell)

    def _complete(self, cell: Cell, outputs: Mapping[str, Ref], *, tier: str | None, made: Made | None = None) -> None:
        self._makers.remember(cell, digests_in(outputs))
        self._flow.complete(cell, outputs, tier=tier, made=made)

    def _take_in_hand(self, cell: Cell, outputs: Mapping[str, Ref]) -> bool:
        """Take those outputs that were asked for in hand; False if one is lost or damaged."""
        try:
            for digest in self._asked_digests(cell, outputs):
                self._held[digest] = self._shop.cache.hold(digest)
        except Missing:
            return False
        return True

    def _asked_digests(self, cell: Cell, outputs: Mapping[str, Ref]) -> Iterable[Digest]:
        ports = self._asked.get(cell.node.id)
        return digests_in({port: outputs[port] for port in ports}) if ports else ()

    # Calling

    def _call(self, cell: Cell) -> None:
        if cell.node.step.pin is not None:  # its value was lost while the run went on
            self._failed(cell, Failure(pinned.GONE, "input", ""))
            return
        cell.state = State.RUNNING
        self._running += 1
        job = Job(
            step=cell.node.step,
            key=cell.key,
            parts=cell.parts,
            refs=cell.refs,
            held=self._makers.in_hand(cell),
            asked=self._asked.get(cell.node.id, frozenset()),
            cancel=self._cancel,
            checkpoint_every=self._checkpoint_every,
            on_start=lambda: self._news.put(lambda: self._report.started(cell)),
            on_progress=lambda *steps: self._news.put(lambda: self._report.progress(cell, *steps)),
            on_preview=lambda *picture: self._news.put(lambda: self._report.preview(cell, *picture)),
            watched=self._previews,
        )
        lane = cell.node.step.function.spec.lane
        if lane == "gpu":
            self._prefetch_after(cell)
        self._lanes.submit(lane, lambda: self._deliver(cell, self._called(cell, job)))

    def _called(self, cell: Cell, job: Job) -> Outcome:
        with self._calling(cell.node.id):
            return call(self._shop, job)

    def _deliver(self, cell: Cell, outcome: Outcome) -> None:
        """In the lane's thread: keep what was made even if nobody listens any more, then send the news."""
        if cell.node.step.function.spec.pure:
            outcome = self._recorded(cell, outcome)
            self._give_back(cell)
        self._news.put(lambda: self._take(cell, outcome))

    def _recorded(self, cell: Cell, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Made):
            try:
                self._shop.cache.record(cell.key, outcome.action)
                if cell.node.step.function.run_name is not None:  # no other node can have saved a halfway state
                    self._shop.cache.forget_saved(cell.key)
            except CacheError as error:
                return Unusable(error)
        return outcome

    def _take(self, cell: Cell, outcome: Outcome) -> None:
        """Deal with how a call ended."""
        self._running -= 1
        if cell.dropped:
            return
        match outcome:
            case Made():
                self._made(cell, outcome)
            case Lacking(missing, held):
                cell.held = held
                self._makers.make_again(cell, missing)
            case Failure():
                self._failed(cell, outcome)
            case Stopped():
                cell.state = State.WAITING
            case Unusable(error):
                self._broken = error
            case _:
                assert_never(outcome)

    def _made(self, cell: Cell, made: Made) -> None:
        cell.held = {}
        cell.seconds = made.action.seconds
        for digest in self._asked_digests(cell, made.action.outputs):
            self._held[digest] = Held(live=made.values[digest])
        if cell.outputs:
            self._makers.made_again(cell, made)
        else:
            self._complete(cell, made.action.outputs, tier=None, made=made)

    def _failed(self, cell: Cell, failure: Failure) -> None:
        waiters, cell.waiters = cell.waiters, ()
        for waiter in waiters:
            self._flow.block(waiter, cell.node.id)
        if cell.outputs:
            self._flow.fail_again(cell, failure)
        else:
            self._flow.fail(cell, failure)

    def _prefetch_after(self, cell: Cell) -> None:
        """Load the models that the next heavy node will want, while this one computes."""
        following = cell.node.step.next_heavy
        if following is None or self._flow.nodes[following].cells is not None:
            return
        for wire in self._flow.nodes[following].step.strict:
            source = self._flow.nodes[wire.links[0].node]
            ref = source.outputs.get(wire.links[0].port)
            if isinstance(ref, str):
                self._shop.prefetch(ref)

    # Ending early

    def _wake(self) -> None:
        self._news.put(lambda: None)

    def _wait_for_lanes(self, grace: float) -> None:
        """After a cancellation, give calls time to listen; those that do not are left behind."""
        deadline = time.monotonic() + grace
        while self._running and (left := deadline - time.monotonic()) > 0:
            try:
                self._news.get(timeout=left)()
            except Empty:
                return
