"""The HTTP door: what the `api` rooms need to speak HTTP, and nothing of any domain.

`service_app` makes a service's router an application. Who calls and under which conditions comes
into a handler as `Call` (a reading, PUT, DELETE), `KeyedCall` (a POST) or `AnonymousCall` (nobody
asks who). Errors are raised as `shared.kernel.errors` and leave as RFC 9457 problems.
"""

from shared.adapters.web.app import service_app
from shared.adapters.web.call import AnonymousCall, Call, Door, KeyedCall
from shared.adapters.web.events import SILENT, EventStream, event
from shared.adapters.web.gate import Limits
from shared.adapters.web.problem import response_to
from shared.adapters.web.reply import Page, Paging, Written, page, tag, written
from shared.adapters.web.upload import Upload
from shared.adapters.web.values import Body, Code, Day, Instant, ItemCode, Line, Many, Text

__all__ = [
    "SILENT",
    "AnonymousCall",
    "Body",
    "Call",
    "Code",
    "Day",
    "Door",
    "EventStream",
    "Instant",
    "ItemCode",
    "KeyedCall",
    "Limits",
    "Line",
    "Many",
    "Page",
    "Paging",
    "Text",
    "Upload",
    "Written",
    "event",
    "page",
    "response_to",
    "service_app",
    "tag",
    "written",
]
