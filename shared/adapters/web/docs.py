"""The pages that show an OpenAPI document, from files of ours, with no more allowed than they need.

Swagger UI writes styles into its elements, so that these are let in; of scripts its own file alone
is, and the few lines that start it, by their hash.
"""

import re

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html, get_swagger_ui_oauth2_redirect_html
from fastapi.responses import HTMLResponse

from shared.adapters.web.page import source_of
from shared.adapters.web.rights import FOR_ANYBODY

PATH = "/docs"
FILES = "/docs-files"
SIGNED_IN = "/docs/oauth2-redirect"
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


def add_docs(app: FastAPI) -> None:
    """Let an application show its document."""

    @app.get(PATH, dependencies=[FOR_ANYBODY], include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:
        root = request.scope.get("root_path", "")
        page = get_swagger_ui_html(
            openapi_url=f"{root}{app.openapi_url}",
            title=app.title,
            oauth2_redirect_url=f"{root}{SIGNED_IN}",
            swagger_js_url=f"{root}{FILES}/swagger-ui-bundle.js",
            swagger_css_url=f"{root}{FILES}/swagger-ui.css",
            swagger_favicon_url=f"{root}{FILES}/favicon.png",
        )
        return _guarded(page)

    @app.get(SIGNED_IN, dependencies=[FOR_ANYBODY], include_in_schema=False)
    async def signed_in() -> HTMLResponse:
        return _guarded(get_swagger_ui_oauth2_redirect_html())


def _guarded(page: HTMLResponse) -> HTMLResponse:
    scripts = map(source_of, INLINE.findall(bytes(page.body).decode()))
    policy = POLICY.format(scripts=" ".join(["'self'", *scripts]))
    page.headers["Content-Security-Policy"] = policy
    return page
