"""Values of runs: any intermediate, as a summary or as a file."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, Field, JsonValue
from starlette.responses import Response

from graphs import GraphError, Link
from server.errors import ApiError
from server.routes.shapes import Parameters, RunId, answer, router
from server.services import Parts
from server.values import Values

routes = router(tag="values")

_FILES: dict[str, dict[str, object]] = {
    "image/png": {},
    "text/plain": {},
    "application/json": {},
    "application/octet-stream": {},
}


class Form(Parameters):
    """How a value is shown; `item` is a picture of its batch."""

    view: str = Field(default="summary", alias="as", pattern=r"^[a-z0-9]{1,20}$")
    item: int = Field(default=0, ge=0, lt=2**31)


class ValueSummary(BaseModel):
    """What sums a value up; of a list, every item. null stands for an item that is gone."""

    link: str
    many: bool
    digests: list[str]
    summaries: list[JsonValue]


@routes.get(
    "/runs/{id}/values/{link:path}",
    response_model=ValueSummary,
    responses={200: {"model": ValueSummary, "content": _FILES}},
)
async def show(
    id: RunId,
    link: Annotated[str, Path(max_length=2_000, description="`node.port`, `sub/node.port` or `node.port[3]`")],
    form: Annotated[Form, Query()],
    parts: Parts,
) -> Response:
    """Show what a node of a run made. 404: not in its graph; 409: not made yet; 410: gone; 422: no such view."""
    run = await parts.db.runs.get(id)
    try:
        named = Link.parse(link)
    except GraphError as error:
        raise ApiError(404, "no_such_value", str(error)) from None
    values = Values(parts.db, parts.clerks)
    if form.view == "summary":
        return answer(ValueSummary.model_validate(await values.summary(run, named)))
    return await values.show(run, named, form.view, form.item)
