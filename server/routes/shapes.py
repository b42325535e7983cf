"""What requests and answers of several routes have in common."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, InstanceOf, WithJsonSchema, model_validator
from starlette.responses import Response

from server.bodies import StrictRoute
from server.errors import ErrorBody
from server.sealed import Sealed

ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": ErrorBody, "description": "It cannot be done like this; `error` says why and how to mend it."},
    "5XX": {"model": ErrorBody, "description": "It cannot be done now."},
}
MOST_FIELDS = 64


class Request(BaseModel):
    """A request: strict, and with nothing that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _few_fields(cls, value: object) -> object:
        """Each field that there is not would be told, which takes a second for 100,000 of them."""
        if isinstance(value, dict) and len(value) > MOST_FIELDS:
            raise ValueError(f"it has {len(value):,} fields, and no request has more than {MOST_FIELDS}")
        return value


class Parameters(BaseModel):
    """The query of a request: text, from which numbers are read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Cancelled(BaseModel):
    """How many runs were cancelled."""

    cancelled: int


# Bodies were read strictly before; here they are taken as they are, without a walk through all values.
Document = Annotated[dict[str, Any] | InstanceOf[Sealed], WithJsonSchema({"type": "object", "title": "Graph document"})]
Values = Annotated[dict[Annotated[str, Field(max_length=256)], Any], Field(max_length=10_000)]


def id_of(letter: str) -> Any:
    """Give the parameter of an id of ours."""
    return Path(pattern=f"^{letter}_[A-Za-z0-9_-]{{22}}$", max_length=24)


GraphId = Annotated[str, id_of("g")]
RunId = Annotated[str, id_of("r")]
SweepId = Annotated[str, id_of("w")]

Cursor = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] | None  # the `next` of a page


def router(*, tag: str) -> APIRouter:
    """Make a router whose routes read strictly and tell their errors."""
    return APIRouter(prefix="/api/v1", route_class=StrictRoute, responses=ERRORS, tags=[tag])


def answer(record: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Give a record as it is: it was checked when it was made."""
    return Response(record.model_dump_json(), status, headers, "application/json")
