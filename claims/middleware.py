"""What every answer to htmx has in common."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

Handler = Callable[[HttpRequest], HttpResponse]


def htmx_answers(get_response: Handler) -> Handler:
    """Say that answers vary by HX-Request, and lead a lost session through the log-in back to its page.

    htmx follows a redirect out of sight and would swap the log-in page into a panel; HX-Redirect
    makes the browser go there. The way back is the page that the person was on: the address of an
    action can't be opened.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        location = response.get("Location", "")
        to = urlsplit(location)
        # A log-out leads to the log-in too, but wants no way back.
        if response.status_code != 302 or to.path != reverse("login") or not to.query:
            return response
        htmx = request.headers.get("HX-Request") == "true"
        if htmx or request.method not in ("GET", "HEAD"):
            query = QueryDict(mutable=True)
            query["next"] = page_of(request)
            location = f"{reverse('login')}?{query.urlencode(safe='/')}"
            if htmx:
                response = HttpResponse(status=204, headers={"HX-Redirect": location})
                patch_vary_headers(response, ["HX-Request"])
            else:
                response["Location"] = location
        return response

    return answer


def page_of(request: HttpRequest) -> str:
    """The page that an action was taken on, as a path of this site; the start page when unknown."""
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return "/"
    parts = urlsplit(page)
    return parts.path + (f"?{parts.query}" if parts.query else "")
