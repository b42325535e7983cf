"""Run a program once: decide what must be called, call it, and tell what happens.

One thread, the caller's, decides; lanes call nodes and send back outcomes. Keys are resolved forward, values are
demanded backward from what was asked for. Nothing here recurses along the graph, and each link is looked at a fixed
number of times.

Guarantees
1. A failure blocks only its descendants.
2. Equal actions in flight are computed once.
3. A value that has left the cache is made again; if it comes out different, its descendants are keyed anew.
4. After a cancellation is reported no further event is sent.
"""

import itertools
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from queue import Empty, SimpleQueue
from types import MappingProxyType
from typing import Any, assert_never

from engine import events
from engine.action import Action, Ref, key_of
from engine.call import Failure, Lacking, Made, Order, Outcome, Stopped, Unusable, Workshop, call
from engine.cell import Cell, Dependent, NodeState, State, cells_of, streams
from engine.codec import Stored
from engine.digest import Digest
from engine.errors import CacheError, InputError, Missing
from engine.heap import settled_heap
from engine.inflight import Inflight
from engine.lanes import Lanes
from engine.outputs import NotMade, Outputs
from engine.program import Program
from engine.run import Cancel
from engine.structure import Wire
from graphs import LIMITS, Link

OnEvent = Callable[[events.Event], None]
_EMPTY: Mapping[Digest, Any] = MappingProxyType({})
_LOST = (State.FAILED, State.BLOCKED)
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
        run: str,
        on_event: OnEvent,
        cancel: Cancel,
        previews: bool,
        checkpoint_every: int,
        grace: float,
    ) -> None:
        self._program = program
        self._shop = shop
        self._lanes = lanes
        self._inflight = inflight
        self._name = run
        self._on_event = on_event
        self._cancel = cancel
        self._previews = previews
        self._checkpoint_every = checkpoint_every
        self._grace = grace
        self._number = itertools.count()
        self._nodes = {name: NodeState(step) for name, step in program.steps.items()}
        self._asked: dict[str, set[str]] = {}
        for link in program.outputs.values():
            self._asked.setdefault(link.node, set()).add(link.port)
        self._ready: deque[Cell] = deque()
        self._news: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._producers: dict[Digest, Cell] = {}
        self._held: dict[Digest, Stored] = {}  # what was asked for, safe from eviction
        self._running = 0
        self._borrowed = 0  # cells that wait for another run to finish the same action
        self._cell_count = 0
        self._broken: CacheError | None = None

    def outputs(self) -> Outputs:
        """Give what was asked for, by name."""
        refs = {name: self._output(link) for name, link in self._program.outputs.items()}
        return Outputs(refs, self._shop, self._held)

    def _output(self, link: Link) -> Ref | NotMade:
        node = self._nodes[link.node]
        if node.state is not State.DONE:
            return NotMade(f"{link} was not made: {node.id} {_ending(node)}")
        ref = node.outputs[link.port]
        return ref if link.item is None else ref[link.item]

    def run(self) -> events.RunFinished:
        """Run to the end, and give the last event."""
        with settled_heap():
            return self._run_all()

    def _run_all(self) -> events.RunFinished:
        begun = time.monotonic()
        self._cancel.listen(self._wake)
        self._demand(self._asked or self._nodes)
        self._tell(events.RunStarted(nodes=sum(node.demanded for node in self._nodes.values()), **self._stamp()))
        while not self._cancel and self._broken is None and self._advance():
            pass
        finished = self._finish(time.monotonic() - begun)
        self._wait_for_lanes()
        if self._broken is not None:
            raise self._broken
        self._shop.cache.flush()
        return finished

    # What must be there

    def _demand(self, names: Iterable[str]) -> None:
        """Mark nodes and all that they strictly need, then see which can begin."""
        fresh: list[NodeState] = []
        stack = [self._nodes[name] for name in names]
        while stack:
            node = stack.pop()
            if node.demanded:
                continue
            node.demanded = True
            fresh.append(node)
            stack.extend(self._nodes[link.node] for wire in node.step.strict for link in wire.links)
        for node in fresh:
            for wire in node.step.strict:
                for link in wire.links:
                    self._nodes[link.node].dependents.append(Dependent(node, wire, link))
            self._begin_when_possible(node)

    def _begin_when_possible(self, node: NodeState) -> None:
        """Count what a node waits for; begin it if that is nothing."""
        node.waiting = 0
        for wire in node.step.strict:
            for link in wire.links:
                source = self._nodes[link.node]
                streaming = streams(node, wire, link, source)
                if source.state in _LOST and not (streaming and source.cells is not None):
                    self._block(node, source.id)
                    return
                if not (source.cells is not None if streaming else source.state is State.DONE):
                    node.waiting += 1
        if node.waiting == 0:
            self._expand(node)

    def _expand(self, node: NodeState) -> None:
        """Make the cells of a node: one, or one for each item of what it maps over."""
        if node.settled or node.cells is not None:
            return
        count: int | None = None
        for port in sorted(node.step.mapped):
            length = self._length(node.step.wires[port])
            if count is not None and length != count:
                self._fail_whole(node, f"lists of {count} and {length} items cannot be mapped over together")
                return
            count = length
        self._cell_count += count or 1
        if self._cell_count > LIMITS.nodes:
            self._fail_whole(node, f"the maps make more than {LIMITS.nodes} calls")
            return
        node.cells = [Cell(node, None)] if count is None else [Cell(node, item) for item in range(count)]
        node.remaining = len(node.cells)
        for cell in list(node.cells):
            self._place(cell)
        for dependent in node.dependents:
            if streams(dependent.node, dependent.wire, dependent.link, node):
                self._less_waiting(dependent.node)
        if node.remaining == 0:
            self._settle(node)

    def _place(self, cell: Cell) -> None:
        for source in self._streaming_sources(cell.node):
            other = (source.cells or [])[cell.item or 0]
            if other.state in _LOST:
                self._block_cell(cell, source.id)
                return
            cell.waiting += other.state is not State.DONE
        if cell.waiting == 0:
            self._make_ready(cell)

    def _streaming_sources(self, node: NodeState) -> Iterable[NodeState]:
        for port in node.step.mapped:
            wire = node.step.wires[port]
            for link in wire.links:
                source = self._nodes[link.node]
                if streams(node, wire, link, source):
                    yield source

    def _length(self, wire: Wire) -> int:
        (link,) = wire.links
        source = self._nodes[link.node]
        if source.each:
            return len(source.cells or ())
        ref = source.outputs[link.port]
        return len(ref) if isinstance(ref, tuple) else 1

    def _less_waiting(self, node: NodeState) -> None:
        if node.settled or node.cells is not None:
            return
        node.waiting -= 1
        if node.waiting == 0:
            self._expand(node)

    def _make_ready(self, cell: Cell) -> None:
        cell.state = State.READY
        self._ready.append(cell)

    # Deciding, one cell after another

    def _advance(self) -> bool:
        """Decide one cell, or wait for news; False when nothing is left to do."""
        while not self._news.empty():
            self._news.get()()
        if self._ready:
            cell = self._ready.popleft()
            if not cell.dropped and cell.state is State.READY:
                self._resolve(cell)
            return True
        if self._running == 0 and self._borrowed == 0 and self._news.empty():
            return False
        try:
            news = self._news.get(timeout=_IDLE_SECONDS)
        except Empty:
            self._shop.cache.flush_if_due()
            return True
        news()
        return True

    def _resolve(self, cell: Cell) -> None:
        """Find out what a cell's action is, and whether its answer is known."""
        function = cell.node.step.function
        try:
            if function.lazy and not self._lazy_inputs_are_there(cell):
                return
            cell.refs = {wire.port: self._ref(cell, wire) for wire in self._wires_in_use(cell)}
            files = self._files_read(cell) if function.reads is not None else ()
        except Missing as missing:
            self._make_again(cell, [str(missing)])
            return
        except InputError as error:
            self._fail(cell, Failure(str(error), "input", ""))
            return
        cell.key, cell.parts = key_of(
            function.spec,
            params=cell.node.step.params,
            refs=cell.refs,
            files=files,
            environment=self._shop.environment_of(function),
        )
        if not function.spec.pure:
            self._start(cell)
            return
        known = self._shop.cache.action(cell.key)
        if known is not None and self._still_there(cell, known[0]):
            self._complete(cell, known[0].outputs, tier=known[1])
        elif self._inflight.claim(cell.key, lambda: self._news.put(lambda: self._retry(cell))):
            self._start(cell)
        else:
            self._borrowed += 1

    def _retry(self, cell: Cell) -> None:
        self._borrowed -= 1
        if not cell.dropped:
            self._resolve(cell)

    def _wires_in_use(self, cell: Cell) -> Iterable[Wire]:
        step = cell.node.step
        return (*step.strict, *(step.wires[port] for port in cell.wanted)) if cell.wanted else step.strict

    def _lazy_inputs_are_there(self, cell: Cell) -> bool:
        """Ask a node which lazy inputs it wants, and demand them; False while they are being made."""
        function = cell.node.step.function
        if cell.wanted is None:
            lazy = {port.name for port in function.spec.inputs if port.lazy and port.name in cell.node.step.wires}
            chosen = (
                lazy if function.needs is None else lazy & set(function.needs(**self._values_for(cell, function.needs)))
            )
            cell.wanted = frozenset(chosen)
            self._demand(link.node for port in chosen for link in cell.node.step.wires[port].links)
        for source in (self._nodes[link.node] for port in cell.wanted for link in cell.node.step.wires[port].links):
            if source.state in _LOST:
                self._block_cell(cell, source.id)
                return False
            if source.state is not State.DONE:
                cell.state = State.WAITING
                cell.waiting = 1
                source.callers += (cell,)
                return False
        return True

    def _values_for(self, cell: Cell, rule: Callable[..., Any]) -> dict[str, Any]:
        """Fetch the inputs that a rule of the node wants to see."""
        step = cell.node.step
        values: dict[str, Any] = {}
        for port in step.function.asks(rule):
            if port in step.params:
                values[port] = step.params[port]
            elif port in step.wires:
                values[port] = self._value(self._ref(cell, step.wires[port]))
        return values

    def _value(self, ref: Ref) -> Any:
        cache, codecs = self._shop.cache, self._shop.catalog.codecs
        return [cache.value(digest, codecs) for digest in ref] if isinstance(ref, tuple) else cache.value(ref, codecs)

    def _files_read(self, cell: Cell) -> Sequence[Digest]:
        reads = cell.node.step.function.reads
        if reads is None:
            return ()
        files = self._shop.files
        paths = reads(**self._values_for(cell, reads), files=files)
        return [files.digest(path) for path in paths]

    def _ref(self, cell: Cell, wire: Wire) -> Ref:
        """Name the content that a wire brings to a cell."""
        step = cell.node.step
        maps = wire.port in step.mapped
        if len(wire.links) == 1 and wire.port not in step.many:
            return self._source_ref(cell, wire.links[0], maps=maps)
        refs = [self._source_ref(cell, link, maps=maps) for link in wire.links]
        return tuple(digest for ref in refs for digest in (ref if isinstance(ref, tuple) else (ref,)))

    def _source_ref(self, cell: Cell, link: Link, *, maps: bool) -> Ref:
        source = self._nodes[link.node]
        if maps and source.each and link.item is None:
            return (source.cells or [])[cell.item or 0].outputs[link.port]
        ref = source.outputs[link.port]
        index = link.item if link.item is not None else cell.item if maps else None
        if index is None:
            return ref
        if index >= len(ref):
            raise InputError(f"{link} picks item {index} of a list of {len(ref)}", hint="items count from 0")
        return ref[index]

    def _still_there(self, cell: Cell, action: Action) -> bool:
        """Take those outputs that were asked for in hand; False if one is lost or damaged."""
        try:
            for digest in self._asked_digests(cell, action.outputs):
                self._held[digest] = self._shop.cache.stored(digest, self._shop.catalog.codecs)
        except Missing:
            return False
        return True

    def _asked_digests(self, cell: Cell, outputs: Mapping[str, Ref]) -> Iterable[Digest]:
        for port in self._asked.get(cell.node.id, ()):
            ref = outputs[port]
            yield from ref if isinstance(ref, tuple) else (ref,)

    # Calling

    def _start(self, cell: Cell) -> None:
        cell.state = State.RUNNING
        self._running += 1
        order = Order(
            step=cell.node.step,
            key=cell.key,
            parts=cell.parts,
            refs=cell.refs,
            held=cell.held,
            cancel=self._cancel,
            checkpoint_every=self._checkpoint_every,
            on_start=lambda: self._news.put(lambda: self._tell_started(cell)),
            on_progress=lambda step, total, seconds: self._news.put(
                lambda: self._tell_progress(cell, step, total, seconds)
            ),
            on_preview=(lambda image, kind: self._news.put(lambda: self._tell_preview(cell, image, kind)))
            if self._previews
            else None,
        )
        lane = cell.node.step.function.spec.lane
        if lane == "gpu":
            self._prefetch_after(cell)
        self._lanes.submit(lane, lambda: self._deliver(cell, call(self._shop, order)))

    def _deliver(self, cell: Cell, outcome: Outcome) -> None:
        """In the lane's thread: keep what was made even if nobody listens any more, then send the news."""
        if isinstance(outcome, Made) and cell.node.step.function.spec.pure:
            try:
                self._shop.cache.record(cell.key, outcome.action)
            except CacheError as error:
                outcome = Unusable(error)
        self._inflight.release(cell.key)
        self._news.put(lambda: self._take(cell, outcome))

    def _take(self, cell: Cell, outcome: Outcome) -> None:
        self._running -= 1
        match outcome:
            case Unusable(error):
                self._broken = error
            case Stopped():
                cell.state = State.BLOCKED
            case _ if cell.dropped:
                return
            case Lacking(missing, held):
                cell.held = held
                self._make_again(cell, missing)
            case Failure():
                self._fail(cell, outcome)
            case Made():
                self._made(cell, outcome)
            case _:
                assert_never(outcome)

    def _made(self, cell: Cell, made: Made) -> None:
        cell.held = _EMPTY
        cell.seconds = made.action.seconds
        for digest in self._asked_digests(cell, made.action.outputs):
            self._held[digest] = self._shop.catalog.codecs.encode(made.values[digest])
        again = cell.outputs
        if again and dict(again) != dict(made.action.outputs):
            self._key_anew(cell, made.action.outputs)
            return
        if not again:
            self._complete(cell, made.action.outputs, tier=None, made=made)
        cell.state = State.DONE
        waiters, cell.waiters = cell.waiters, ()
        for waiter in waiters:
            waiter.held = {**waiter.held, **made.values}
            waiter.waiting -= 1
            if waiter.waiting == 0 and not waiter.dropped:
                self._make_ready(waiter)

    def _make_again(self, cell: Cell, missing: Iterable[Digest]) -> None:
        """Have the makers of lost values run again, and the cell after them."""
        cell.state = State.WAITING
        makers = {id(maker): maker for maker in (self._producers[digest] for digest in missing)}
        cell.waiting = len(makers)
        for maker in makers.values():
            maker.waiters += (cell,)
            if maker.state is State.DONE:
                self._start(maker)

    def _key_anew(self, cell: Cell, outputs: Mapping[str, Ref]) -> None:
        """A value came out different: forget what was derived from the old one."""
        cell.outputs = outputs
        cell.state = State.DONE
        cell.waiters = ()
        self._remember_producer(cell)
        affected = self._descendants(cell.node)
        for other in cells_of(affected):
            other.dropped = True
        for node in affected:
            node.state, node.cells, node.started, node.callers = State.WAITING, None, False, ()
        for node in affected:
            if node.cells is None and not node.settled:
                self._begin_when_possible(node)

    def _descendants(self, node: NodeState) -> list[NodeState]:
        found: dict[str, NodeState] = {}
        stack = [*node.dependents]
        callers = [caller.node for caller in node.callers]
        while stack or callers:
            child = stack.pop().node if stack else callers.pop()
            if child.id not in found:
                found[child.id] = child
                stack.extend(child.dependents)
        return [child for name, child in self._nodes.items() if name in found]

    def _prefetch_after(self, cell: Cell) -> None:
        """Load the models that the next heavy node will want, while this one computes."""
        following = cell.node.step.next_heavy
        if following is None or self._nodes[following].cells is not None:
            return
        for wire in self._nodes[following].step.strict:
            source = self._nodes[wire.links[0].node]
            if source.state is State.DONE:
                ref = source.outputs[wire.links[0].port]
                if not isinstance(ref, tuple):
                    self._shop.prefetch(ref)

    # How it ended

    def _complete(self, cell: Cell, outputs: Mapping[str, Ref], *, tier: str | None, made: Made | None = None) -> None:
        cell.outputs = outputs
        cell.tier = tier
        cell.state = State.DONE
        self._remember_producer(cell)
        node = cell.node
        node.remaining -= 1
        if node.each:
            self._tell(
                events.ItemFinished(
                    node=node.id, item=cell.item or 0, tier=tier, seconds=cell.seconds, outputs=outputs, **self._stamp()
                )
            )
            self._feed_streams(cell)
        if node.remaining == 0:
            self._settle(node, made)

    def _remember_producer(self, cell: Cell) -> None:
        for ref in cell.outputs.values():
            for digest in ref if isinstance(ref, tuple) else (ref,):
                self._producers[digest] = cell

    def _feed_streams(self, cell: Cell) -> None:
        for dependent in cell.node.dependents:
            if streams(dependent.node, dependent.wire, dependent.link, cell.node) and dependent.node.cells is not None:
                other = dependent.node.cells[cell.item or 0]
                other.waiting -= 1
                if other.waiting == 0 and other.state is State.WAITING:
                    self._make_ready(other)

    def _settle(self, node: NodeState, made: Made | None = None) -> None:
        """All cells of a node have ended: say so, and let go or block what waits."""
        cells = node.cells or []
        if any(cell.state is State.FAILED for cell in cells):
            self._end(node, State.FAILED)
        elif any(cell.state is State.BLOCKED for cell in cells):
            self._tell(events.NodeBlocked(node=node.id, by=node.blamed, **self._stamp()))
            self._end(node, State.BLOCKED)
        else:
            self._tell_done(node, cells, made)
            self._end(node, State.DONE)

    def _end(self, node: NodeState, state: State) -> None:
        node.state = state
        callers, node.callers = node.callers, ()
        for caller in callers:
            if not caller.dropped:
                self._make_ready(caller)
        for dependent in node.dependents:
            if streams(dependent.node, dependent.wire, dependent.link, node):
                continue
            if state is State.DONE:
                self._less_waiting(dependent.node)
            else:
                self._block(dependent.node, node.id)

    def _fail(self, cell: Cell, failure: Failure) -> None:
        cell.state = State.FAILED
        self._tell(
            events.NodeFailed(
                node=cell.node.id,
                item=cell.item,
                message=failure.message,
                blame=failure.blame,
                trace=failure.trace,
                **self._stamp(),
            )
        )
        for waiter in cell.waiters:
            self._block_cell(waiter, cell.node.id)
        self._cell_lost(cell)

    def _fail_whole(self, node: NodeState, message: str) -> None:
        self._tell(events.NodeFailed(node=node.id, message=message, blame="input", trace="", **self._stamp()))
        self._give_up(node, State.FAILED)

    def _block(self, node: NodeState, by: str) -> None:
        if node.settled:
            return
        node.blamed = by
        self._tell(events.NodeBlocked(node=node.id, by=by, **self._stamp()))
        self._give_up(node, State.BLOCKED)

    def _give_up(self, node: NodeState, state: State) -> None:
        """End a node that never got cells, and all that needs it, one after another."""
        node.state = state
        stack = [(dependent.node, node.id) for dependent in node.dependents]
        self._release_callers(node)
        while stack:
            child, by = stack.pop()
            if child.settled:
                continue
            child.state, child.blamed = State.BLOCKED, by
            self._tell(events.NodeBlocked(node=child.id, by=by, **self._stamp()))
            self._release_callers(child)
            stack.extend((dependent.node, child.id) for dependent in child.dependents)

    def _release_callers(self, node: NodeState) -> None:
        for caller in node.callers:
            self._make_ready(caller)
        node.callers = ()

    def _block_cell(self, cell: Cell, by: str) -> None:
        cell.state = State.BLOCKED
        cell.node.blamed = cell.node.blamed or by
        self._cell_lost(cell)

    def _cell_lost(self, cell: Cell) -> None:
        """Pass on that a cell gives nothing: item by item to maps, as a whole to the rest."""
        lost = [cell]
        while lost:
            current = lost.pop()
            node = current.node
            for dependent in node.dependents:
                child = dependent.node
                if streams(child, dependent.wire, dependent.link, node) and child.cells is not None:
                    other = child.cells[current.item or 0]
                    if other.state is State.WAITING:
                        other.state = State.BLOCKED
                        child.blamed = child.blamed or node.id
                        lost.append(other)
            node.remaining -= 1
            if node.remaining == 0:
                self._settle(node)

    # Telling

    def _stamp(self) -> dict[str, Any]:
        return {"run": self._name, "n": next(self._number), "at": time.time()}

    def _tell(self, event: events.Event) -> None:
        self._on_event(event)

    def _tell_started(self, cell: Cell) -> None:
        node = cell.node
        if not node.started and not cell.dropped:
            node.started = True
            items = len(node.cells or ()) if node.each else None
            self._tell(events.NodeStarted(node=node.id, items=items, **self._stamp()))

    def _tell_progress(self, cell: Cell, step: int, total: int, seconds: float) -> None:
        rate = step / seconds if step and seconds > 0 else None
        left = (total - step) / rate if rate else None
        progress = events.Progress(
            run=self._name,
            at=time.time(),
            node=cell.node.id,
            item=cell.item,
            step=step,
            total=total,
            rate=rate,
            left=left,
        )
        self._tell(progress)

    def _tell_preview(self, cell: Cell, image: bytes, media_type: str) -> None:
        self._tell(
            events.Preview(
                run=self._name, at=time.time(), node=cell.node.id, item=cell.item, image=image, media_type=media_type
            )
        )

    def _tell_done(self, node: NodeState, cells: Sequence[Cell], made: Made | None) -> None:
        outputs = node.outputs = node.gather()
        ran = sum(cell.tier is None for cell in cells)
        if ran == 0:
            tier = "disk" if any(cell.tier == "disk" for cell in cells) else "memory"
            self._tell(events.NodeCached(node=node.id, tier=tier, outputs=outputs, **self._stamp()))
            return
        single = made is not None and not node.each
        self._tell(
            events.NodeFinished(
                node=node.id,
                seconds=sum(cell.seconds for cell in cells),
                peak=made.peak if made is not None and single else None,
                outputs=outputs,
                summaries=made.summaries if made is not None and single else {},
                ran=ran,
                cached=len(cells) - ran,
                **self._stamp(),
            )
        )

    def _finish(self, seconds: float) -> events.RunFinished:
        by_state: dict[State, list[str]] = {state: [] for state in State}
        cached: list[str] = []
        for name, node in self._nodes.items():
            known = node.state is State.DONE and all(cell.tier is not None for cell in node.cells or ())
            (cached if known else by_state[node.state]).append(name)
        status: events.Status = "cancelled" if self._cancel else "failed" if by_state[State.FAILED] else "done"
        finished = events.RunFinished(
            status=status,
            ran=by_state[State.DONE],
            cached=cached,
            failed=by_state[State.FAILED],
            blocked=by_state[State.BLOCKED],
            seconds=seconds,
            **self._stamp(),
        )
        self._tell(finished)
        return finished

    def _wake(self) -> None:
        self._news.put(lambda: None)

    def _wait_for_lanes(self) -> None:
        """After a cancellation, give calls time to listen; those that do not are left behind."""
        deadline = time.monotonic() + self._grace
        self._on_event = lambda event: None
        while self._running and time.monotonic() < deadline:
            try:
                self._news.get(timeout=max(0.0, deadline - time.monotonic()))()
            except Empty:
                return


def _ending(node: NodeState) -> str:
    if node.state is State.FAILED:
        return "failed"
    return f"was blocked by {node.blamed}" if node.blamed else "did not run"
