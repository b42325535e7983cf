"""Find what a node of a run made, and show it in one of its forms.

A value of a run is named by a link, as in the document: `node.port`, `sub/node.port`, an item of a list `node.port[3]`.

Guarantees
1. Every answer but a value says which of these it is: not in this graph (404), not made yet (409), gone (410, with the
   time that it takes to make it again), no such view (422, with the views that there are).
2. A value is never loaded into this process as a whole if it is large: it is sent from the disk.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from starlette.responses import Response

from graphs import GraphError, Link
from server.clerks import Clerks, Evicted, Shown
from server.database import Database
from server.errors import ApiError
from server.limits import LIMITS
from server.records import FINAL, Run
from server.user_files import file_on_disk, user_file

Ref = str | Sequence[str]

_FLUSH = 2.0  # seconds; by then a worker has written what it told
_AGAIN = 0.15


@dataclass(frozen=True, slots=True)
class Values:
    """Answers for the values of runs."""

    db: Database
    clerks: Clerks

    async def show(self, run: Run, link: Link, name: str, item: int) -> Response:
        """Give a value as a file."""
        digest = await self.digest(run, link)
        shown = await self._fresh(run, digest, name, item)
        stem = f"{link.node.replace('/', '-')}.{link.port}"
        if isinstance(shown, Shown) and shown.path is not None:
            try:
                return await file_on_disk(shown.path, media_type=shown.media_type, name=stem + shown.suffix)
            except FileNotFoundError:
                shown = Evicted()
        if isinstance(shown, Evicted):
            raise await self._gone(run, link)
        return user_file(shown.data, media_type=shown.media_type, name=stem + shown.suffix, note=shown.note)

    async def summary(self, run: Run, link: Link) -> dict[str, JsonValue]:
        """Sum a value up; of a list, every item. An item that is gone is null."""
        ref = await self._ref(run, link)
        digests = [ref] if isinstance(ref, str) else list(ref)
        summaries = await self.clerks.summary(digests)
        if digests and not any(summaries):
            raise await self._gone(run, link)
        found: dict[str, JsonValue] = {"link": str(link), "many": not isinstance(ref, str)}
        return {**found, "digests": [*digests], "summaries": summaries}

    async def digest(self, run: Run, link: Link) -> str:
        """Give the digest of one value."""
        ref = await self._ref(run, link)
        if isinstance(ref, str):
            return ref
        if len(ref) != 1:
            message = f"{link} is a list of {len(ref)}"
            raise ApiError(422, "many_values", message, hint=f"pick one, as in {link}[0]" if ref else "it is empty")
        return ref[0]

    async def _ref(self, run: Run, link: Link) -> Ref:
        """Find what a link names. The events know most; the graph is asked where they do not."""
        found = await self._made(run.id, link)
        if found is None and (at := await self._where(run, link)) != link:
            link = at
            found = await self._made(run.id, link)
        if found is None:
            raise _not_made(run, link)
        return found

    async def _where(self, run: Run, link: Link) -> Link:
        try:
            spot = await self.clerks.where(await self.db.runs.snapshot(run.id), str(link))
        except GraphError as error:  # a graph of an older version that nobody can read any more
            raise ApiError(404, "no_such_value", str(error)) from None
        return Link(spot.node, spot.port, spot.item)

    async def _made(self, run: str, link: Link) -> Ref | None:
        """Read in the events of a run what a node gave; an item counts as soon as it is there."""
        named = json.dumps(link.node, ensure_ascii=False).encode()
        whole: Ref | None = None
        item: Ref | None = None
        after = -1
        while page := await self.db.events.after(run, after, LIMITS.events):
            after += len(page)
            for event in (json.loads(text) for text in page if named in text):
                if event.get("node") == link.node and link.port in event.get("outputs", {}):
                    if event["type"] != "item_finished":
                        whole = event["outputs"][link.port]
                    elif event["item"] == link.item:
                        item = event["outputs"][link.port]
        return item if whole is None else _picked(whole, link)

    async def _fresh(self, run: Run, digest: str, name: str, item: int) -> Shown | Evicted:
        """Show a value; one that was made just now may not be on the disk yet."""
        until = time.monotonic() + _FLUSH
        while True:
            shown = await self.clerks.view(digest, name, item)
            just = run.status not in FINAL or time.time() - (run.finished or 0.0) < _FLUSH
            if isinstance(shown, Shown) or not just or time.monotonic() > until:
                return shown
            await asyncio.sleep(_AGAIN)

    async def _gone(self, run: Run, link: Link) -> ApiError:
        """Say that a value has left the cache, and what it costs to make it again."""
        document = await self.db.runs.snapshot(run.id)
        try:
            plan = await self.clerks.plan(document, run.inputs, [str(link)])
        except (ApiError, GraphError):
            return ApiError(410, "evicted", f"{link} has left the cache", hint="run the graph again")
        count = sum(node["status"] in ("run", "maybe") for node in plan["nodes"])
        more = " or more" if plan["unknown"] else ""
        message = f"{link} has left the cache; making it again runs {count} nodes, about {plan['seconds']:.1f} s{more}"
        return ApiError(410, "evicted", message, hint="run the graph again", seconds=plan["seconds"])


def _picked(whole: Ref, link: Link) -> Ref:
    if link.item is None:
        return whole
    if isinstance(whole, str):
        raise ApiError(404, "no_such_value", f"{link} picks from what is no list", hint="leave the [..] away")
    if link.item >= len(whole):
        raise ApiError(404, "no_such_value", f"{link}: the list has {len(whole)} items, counted from 0")
    return whole[link.item]


def _not_made(run: Run, link: Link) -> ApiError:
    if run.status in FINAL:
        message, hint = f"this run has ended without making {link}", "run it again, with this link as a target"
    else:
        message, hint = f"{link} is not made yet", "wait for its node to finish"
    return ApiError(409, "not_made", message, hint=hint)
