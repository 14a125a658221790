"""The admin site, open to the role of admin and to nobody else."""

from django.contrib import admin
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest

from claims import access


class NewsroomAdminSite(admin.AdminSite):
    """Who may enter is read from the role, as everywhere."""

    site_header = "Hearsay: people and settings"
    site_title = "Hearsay"
    index_title = "People and settings"
    # Django's own form asks for staff status besides.
    login_form = AuthenticationForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this person is an admin of the newsroom."""
        return access.rank(request.user) >= access.MANAGE
