"""Talk to a Promptograph server from Python.

    async with Client("http://127.0.0.1:8420", token="...") as client:
        run = await client.submit("text-to-image", {"prompt": "a red circle"})
        async for message in client.follow(run.id):
            print(message)

`BlockingClient` does the same without `async`.
"""

from client.address import Address
from client.blocking import BlockingClient
from client.client import Client, File
from client.errors import ClientError, IncompatibleError, RefusedError, UnreachableError
from client.following import Followed
from client.preview import Preview

__all__ = [
    "Address",
    "BlockingClient",
    "Client",
    "ClientError",
    "File",
    "Followed",
    "IncompatibleError",
    "Preview",
    "RefusedError",
    "UnreachableError",
]
