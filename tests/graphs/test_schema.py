"""The checked-in JSON schema is the one of the models, and says what the loader says."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from graphs import Graph
from graphs.schema import FILE, schema
from tests.graphs.documents import examples, graphs
from tests.graphs.test_bad_documents import CASES

SCHEMA = json.loads(schema())
LOADER_ONLY = {
    "NaN",
    "NaN in a list",
    "a Python value",
    "a large number",
    "NUL",
    "half a surrogate pair",
    "a key that is no text",
}


def test_the_checked_in_schema_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == schema(), "run: python -m graphs.schema"


def test_the_schema_is_a_legal_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@given(graphs())
@examples(25)
def test_what_is_saved_fits_the_schema(graph: Graph) -> None:
    jsonschema.validate(json.loads(graph.dumps()), SCHEMA)


@pytest.mark.parametrize(
    ("name", "document"), [case[:2] for case in CASES if case[0] not in LOADER_ONLY], ids=lambda case: str(case)[:20]
)
def test_what_the_loader_refuses_does_not_fit_the_schema(name: str, document: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)
