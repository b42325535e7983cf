"""Documents in large bodies, which the server passes on without reading them."""

DOCUMENTS = ("document", "graph", "new", "old")  # the fields of requests that hold one
LARGE = 65_536  # bytes: what is larger is read by a clerk


class Sealed(bytes):
    """A JSON object that was read strictly elsewhere, as its bytes."""

    __slots__ = ()
