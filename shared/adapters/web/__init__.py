"""The HTTP door: what the `api` rooms need to speak HTTP, and nothing of any domain.

`service_app` makes a service's router an application. Who calls and under which conditions comes
into a handler as `Call` (a reading, PUT, DELETE), `RecordedCall` (a reading that the log keeps),
`KeyedCall` (a POST), `AnonymousCall` (nobody asks who) or `Reader` (nobody either, who wants
pages). Errors are raised as `shared.kernel.errors` and leave as RFC 9457 problems, for readers as
pages.
"""

from fastapi import Response

from shared.adapters.messages import Language, sentence, until
from shared.adapters.web.app import new_router, service_app
from shared.adapters.web.asking import Asking
from shared.adapters.web.attachment import attachment
from shared.adapters.web.call import (
    Accepted,
    AnonymousCall,
    Call,
    Door,
    KeyedCall,
    Reader,
    RecordedCall,
    Wanted,
    form_for,
)
from shared.adapters.web.described import file_of, leads_to, tagged
from shared.adapters.web.events import SILENT, EventStream, event
from shared.adapters.web.flaws import SaidMissing, flaws_of
from shared.adapters.web.form import Fields, Form
from shared.adapters.web.headers import guarding
from shared.adapters.web.language import said_in, told
from shared.adapters.web.page import Html, Script, Templates, html, html_in_parts, script, source_of
from shared.adapters.web.problem import Invalid, headers_of, response_to, status_of, unfit
from shared.adapters.web.quick import QuickRoute
from shared.adapters.web.rates import RATES, UNLIMITED, Rates
from shared.adapters.web.reply import Page, Paging, Written, page, tag, written
from shared.adapters.web.rights import FOR_ANYBODY, needs
from shared.adapters.web.rooms import Limits
from shared.adapters.web.turnstile import Turnstile
from shared.adapters.web.upload import Upload
from shared.adapters.web.values import (
    Body,
    Code,
    Day,
    Instant,
    ItemCode,
    Line,
    Many,
    Text,
    no_list,
)

__all__ = [
    "FOR_ANYBODY",
    "RATES",
    "SILENT",
    "UNLIMITED",
    "Accepted",
    "AnonymousCall",
    "Asking",
    "Body",
    "Call",
    "Code",
    "Day",
    "Door",
    "EventStream",
    "Fields",
    "Form",
    "Html",
    "Instant",
    "Invalid",
    "ItemCode",
    "KeyedCall",
    "Language",
    "Limits",
    "Line",
    "Many",
    "Page",
    "Paging",
    "QuickRoute",
    "Rates",
    "Reader",
    "RecordedCall",
    "Response",
    "SaidMissing",
    "Script",
    "Templates",
    "Text",
    "Turnstile",
    "Upload",
    "Wanted",
    "Written",
    "attachment",
    "event",
    "file_of",
    "flaws_of",
    "form_for",
    "guarding",
    "headers_of",
    "html",
    "html_in_parts",
    "leads_to",
    "needs",
    "new_router",
    "no_list",
    "page",
    "response_to",
    "said_in",
    "script",
    "sentence",
    "service_app",
    "source_of",
    "status_of",
    "tag",
    "tagged",
    "told",
    "unfit",
    "until",
    "written",
]
