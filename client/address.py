"""Where a server is, and the token that opens it.

Guarantees
1. The token of this machine's own server is given to this machine only.
2. A server on this machine is asked directly, whatever proxies the environment names.
"""

import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import platformdirs

from client.errors import ClientError

TOKEN = "PROMPTOGRAPH_TOKEN"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """A server: `origin` is like `http://127.0.0.1:8420`."""

    origin: str
    token: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str, *, token: str | None = None) -> "Address":
        """Read an address; without a token it is that of the URL, of the environment, or of this machine's server."""
        parts = urlsplit(url if "://" in url else f"http://{url}")
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in _PORTS or not parts.hostname or port == -1:
            raise ClientError(f"{url[:80]!r} is no address of a server; write it like http://127.0.0.1:8420")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        made = cls(f"{parts.scheme}://{host}" + (f":{port}" if port and port != _PORTS[parts.scheme] else ""))
        named = token or parse_qs(parts.fragment).get("token", [""])[0] or os.environ.get(TOKEN, "")
        return cls(made.origin, named or (_own_token() if made.local else ""))

    @property
    def local(self) -> bool:
        """Whether the server is on this machine."""
        host = urlsplit(self.origin).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    @property
    def headers(self) -> dict[str, str]:
        """What shows the token."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    @property
    def socket(self) -> str:
        """The address of the websocket."""
        return f"ws{self.origin.removeprefix('http')}/api/v1/ws"


def _own_token() -> str:
    """Read the token that this user's server has written down."""
    file = Path(platformdirs.user_data_path("promptograph")) / "server" / "token"
    try:
        return file.read_text().strip()
    except OSError:
        return ""
