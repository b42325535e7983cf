"""The secret of a server: 256 random bits, kept for its owner only.

Guarantees
1. The file is made with mode 0600 and read again at the next start; one that others can read is made private.
2. A token that was chosen has at least 32 characters.
3. Comparing takes the same time wherever the difference is.
4. The cookie of a page is not the token, and the token cannot be had from it.
"""

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from server.settings import RefusedError, Settings

FILE = "token"
SHORTEST, LONGEST = 32, 256
_WORD = re.compile(r"[A-Za-z0-9._~+/=-]+")


def token_of(settings: Settings) -> str:
    """Give the token that was chosen, or the one of the data folder, made at the first start."""
    if settings.token is not None:
        return _checked(settings.token.get_secret_value(), "--token")
    if settings.token_file is not None:
        return _checked(_read(settings.token_file), str(settings.token_file))
    return _kept(settings.data / FILE)


def same(given: str, token: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), token.encode())


def cookie_name(token: str) -> str:
    """Name the cookie of this server: cookies are shared by all ports of a host."""
    return f"promptograph_{hashlib.sha256(token.encode()).hexdigest()[:8]}"


def cookie_value(token: str) -> str:
    """Give what a page's cookie holds."""
    return hmac.new(token.encode(), b"promptograph session", hashlib.sha256).hexdigest()


def _kept(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        os.chmod(path, 0o600)
        return _checked(_read(path), str(path))
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return _read(path)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST + 2).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(f"{path}: cannot read the token: {getattr(error, 'strerror', None) or 'no text'}") from None


def _checked(token: str, place: str) -> str:
    if not SHORTEST <= len(token) <= LONGEST or not _WORD.fullmatch(token):
        raise RefusedError(
            f"{place}: a token has {SHORTEST} to {LONGEST} letters, digits and -._~+/=; "
            "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return token
