"""Sum up a value in a few numbers, so that it can be shown without any tensor library."""

from typing import TYPE_CHECKING

from engine.codec import Blob, Stored
from engine.spec import Json

if TYPE_CHECKING:
    import numpy

_TEXT = 200  # characters of plain fields that a summary shows
_NUMPY = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
          "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?"}  # fmt: skip


def summarize(stored: Stored) -> Json:
    """Give type, plain fields in brief, and for each tensor its dtype, shape, min, max, mean, std and NaN count."""
    if not stored.tensors and isinstance(stored.fields, (int, float, bool, type(None))):
        return {"type": stored.type, "value": stored.fields}
    summary: dict[str, Json] = {"type": stored.type, "value": _brief(stored.fields)}
    if stored.tensors:
        summary["tensors"] = {name: _tensor(blob) for name, blob in stored.tensors.items()}
    return summary


def array(blob: Blob) -> "numpy.ndarray":
    """View a stored tensor as an array; bfloat16, which numpy lacks, comes as float32."""
    import numpy

    if blob.dtype == "BF16":
        halves = numpy.frombuffer(blob.data, "<u2").astype("<u4") << 16
        return halves.view("<f4").reshape(blob.shape)
    return numpy.frombuffer(blob.data, _NUMPY[blob.dtype]).reshape(blob.shape)


def _brief(fields: Json) -> Json:
    text = fields if isinstance(fields, str) else None
    if text is not None:
        return text if len(text) <= _TEXT else text[:_TEXT] + "..."
    return fields if len(str(fields)) <= _TEXT else None


def _tensor(blob: Blob) -> Json:
    import numpy

    values = array(blob)
    facts: dict[str, Json] = {"dtype": blob.dtype, "shape": list(blob.shape), "nan": 0, "inf": 0}
    if values.dtype.kind == "f" and not numpy.isfinite(values).all():
        facts["nan"] = int(numpy.isnan(values).sum())
        facts["inf"] = int(numpy.isinf(values).sum())
        values = values[numpy.isfinite(values)]
    if values.size:
        facts |= {
            "min": float(values.min()),
            "max": float(values.max()),
            "mean": float(values.mean(dtype="<f8")),
            "std": float(values.std(dtype="<f8")),
        }
    return facts
