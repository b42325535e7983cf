"""What the server keeps: graphs, runs, events, sweeps, assets and shares, in SQLite or PostgreSQL.

`database.py` is the face; a store is an async class over plain functions that take a connection.
"""

from server.database.backup import backup
from server.database.database import Database
from server.database.orders import Append, Appended, Cancelled, Key, Lease, Submission, SweepSubmission

__all__ = [
    "Append",
    "Appended",
    "Cancelled",
    "Database",
    "Key",
    "Lease",
    "Submission",
    "SweepSubmission",
    "backup",
]
