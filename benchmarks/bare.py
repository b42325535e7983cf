"""The least that any server does for a request that is kept: FastAPI, uvicorn, one synced SQLite commit."""

import sqlite3
import sys
import uuid
from typing import Any

import uvicorn
from fastapi import FastAPI


def application(path: str) -> FastAPI:
    """Give an application with one route, which keeps what it is sent."""
    app = FastAPI()
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE run (id TEXT PRIMARY KEY, text TEXT)")

    @app.post("/api/v1/runs", status_code=201)
    async def submit(order: dict[str, Any]) -> dict[str, Any]:
        id = str(uuid.uuid4())
        database.execute("INSERT INTO run VALUES (?, ?)", (id, str(order)))
        return {"id": id}

    return app


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[1]), port=int(sys.argv[2]), http="h11", log_level="warning")
