"""The pages for an address that isn't here, or isn't for this person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views import defaults


@contextmanager
def connection_given_back() -> Iterator[None]:
    """Close the database connection, if it was opened within the block.

    Under ASGI, Django renders an error's page in a thread apart from the request's
    (``response_for_exception`` is not thread-sensitive). Asking there who is logged in opens a
    connection that the end of the request, which is told to the other thread, would leave open.
    """
    was_closed = connection.connection is None
    try:
        yield
    finally:
        if was_closed:
            connection.close()


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 404."""
    with connection_given_back():
        return defaults.page_not_found(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 403."""
    with connection_given_back():
        return defaults.permission_denied(request, exception)
