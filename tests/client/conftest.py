"""Servers for the tests of the client."""

from tests.server.socket.conftest import serve, server

__all__ = ["serve", "server"]
