"""Read the large body of a request, so that the server answers others meanwhile.

Guarantees
1. The whole body is read strictly, with the limits of every JSON body.
2. What comes back has the same content: large documents as bytes, which the server only passes on, and the rest.
"""

from graphs.strict_json import read
from server.desk.answer import Answer, Question, as_json
from server.limits import LIMITS
from server.sealed import DOCUMENTS, LARGE


def body(question: Question) -> Answer:
    """Give the body without its large documents, and those; `sealed` names their fields in order."""
    value = read(question.parts[0], limits=LIMITS.document())
    sealed: dict[str, bytes] = {}
    if isinstance(value, dict):
        texts = {name: as_json(value[name]) for name in DOCUMENTS if isinstance(value.get(name), dict)}
        sealed = {name: text for name, text in texts.items() if len(text) > LARGE}
        value = {name: field for name, field in value.items() if name not in sealed}
    return Answer({"sealed": list(sealed)}, [as_json(value), *sealed.values()])
