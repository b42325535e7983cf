"""Bound everything that a client can ask for; the table that the code uses is the one that is published."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from graphs.limits import Limits as DocumentLimits
from server.socket_limits import SOCKET_LIMITS

MEGABYTE = 2**20


class Limits(BaseModel):
    """The limits of this server; bytes, characters, seconds and counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    json_bytes: int = 4 * MEGABYTE  # of a JSON body
    json_depth: int = 64
    json_values: int = 500_000
    json_text: int = 1_000_000  # of one string
    upload_bytes: int = 256 * MEGABYTE  # of an asset
    import_bytes: int = 64 * MEGABYTE  # of a picture or a document that is imported
    uploads: int = 8  # received at the same time
    picture_pixels: int = 100_000_000  # of one frame; all frames together may have four times as many
    picture_frames: int = 1_000
    sound_seconds: float = 3_600.0
    sound_channels: int = 8
    film_seconds: float = 3_600.0
    film_pixels: int = 4_096 * 4_096  # of one frame
    nodes: int = 50_000  # of a graph, after expansion
    links: int = 500_000
    url: int = 8_192
    header_bytes: int = 32_768  # of all headers of a request
    name: int = 1_000  # of a graph
    priority: int = 1_000  # either way from 0
    targets: int = 1_000
    inputs_bytes: int = 32_768  # of the inputs of a run, as JSON: a page of runs shows them all
    axes: int = 8
    axis_values: int = 10_000
    cells: int = 10_000  # of a sweep
    page: int = 200  # rows of a list
    events: int = 1_000  # in one answer
    wait: float = 300.0  # of `?wait=`
    queue: int = 20_000  # runs that may wait
    requests: int = 256  # answered at the same time
    receipt: float = 15.0  # until a request has arrived, and
    receipt_rate: int = 16_384  # bytes a second for what is larger
    key: int = 200  # of an Idempotency-Key
    sockets: int = SOCKET_LIMITS.sockets
    subscriptions: int = SOCKET_LIMITS.subscriptions  # of one socket
    message_bytes: int = SOCKET_LIMITS.message_bytes  # of one message to a socket

    def document(self) -> DocumentLimits:
        """Give the limits that a JSON body is read with."""
        return DocumentLimits(
            bytes=self.json_bytes,
            depth=self.json_depth,
            values=self.json_values,
            text=self.json_text,
            nodes=self.nodes,
            links=self.links,
        )


LIMITS = Limits()

# Requests whose body is a file and not JSON, with what it may hold.
RAW_BODIES = {("POST", "/api/v1/assets"): LIMITS.upload_bytes, ("POST", "/api/v1/import"): LIMITS.import_bytes}

PageSize = Annotated[int, Field(ge=1, le=LIMITS.page)]
Priority = Annotated[int, Field(ge=-LIMITS.priority, le=LIMITS.priority)]
