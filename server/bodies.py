"""Read JSON bodies strictly, with the reader of graph files; large ones are read by a clerk.

Guarantees
1. Duplicate keys, NaN, infinity, depth, NUL, lone surrogates and integers beyond 64 bits are refused with their place.
2. A query parameter that the route does not have, or has twice, is refused.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from graphs import GraphError
from graphs.errors import did_you_mean
from graphs.strict_json import read
from server.errors import ApiError, bad_json
from server.limits import LIMITS
from server.sealed import LARGE
from server.services import services


class StrictRequest(Request):
    """A request whose JSON is read strictly."""

    async def json(self) -> Any:
        """Give the body as JSON."""
        body = await self.body()
        try:
            if len(body) <= LARGE:
                return read(body, limits=LIMITS.document())
            return await services(self).clerks.body(body)
        except GraphError as error:
            raise bad_json(error) from None


class StrictRoute(APIRoute):
    """A route that reads bodies and queries strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route so that it sees a strict request."""
        answer = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            check_query(request, self.query_names)
            return await answer(StrictRequest(request.scope, request.receive))

        return strictly

    @property
    def query_names(self) -> frozenset[str]:
        """The query parameters that the route has."""
        names: set[str] = set()
        for parameter in self.dependant.query_params:
            fields = getattr(parameter.field_info.annotation, "model_fields", None)
            names |= {field.alias or name for name, field in fields.items()} if fields else {parameter.alias}
        return frozenset(names)


def check_query(request: Request, known: frozenset[str]) -> None:
    """Refuse a query parameter that is not known, or that is there twice."""
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        field = f"query.{name[:60]}"
        if name not in known:
            hint = did_you_mean(name[:60], known) if known else "leave it out"
            raise ApiError(422, "bad_request", "there is no such query parameter", field=field, hint=hint)
        if name in seen:
            raise ApiError(422, "bad_request", "the query parameter is there twice", field=field, hint="give it once")
        seen.add(name)
