"""The whole table of hostile rows."""

from tests.server.hostile.addresses import ADDRESSES
from tests.server.hostile.documents import DOCUMENTS
from tests.server.hostile.frames import FRAMES
from tests.server.hostile.headers import HEADERS
from tests.server.hostile.orders import ORDERS
from tests.server.hostile.rows import Row
from tests.server.hostile.texts import TEXTS
from tests.server.hostile.wire import WIRE

TABLE: list[Row] = [*ADDRESSES, *HEADERS, *TEXTS, *DOCUMENTS, *ORDERS, *WIRE, *FRAMES]
