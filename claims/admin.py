"""The Django admin: where admins manage people. Evidence and reviews aren't changed here."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from claims.models import Member


class MemberInline(admin.StackedInline):
    """The role, on the page of the account."""

    model = Member
    fields = ("role",)
    can_delete = False
    min_num = 1


class NewsroomUserAdmin(UserAdmin):
    """Accounts with their role. People are deactivated, not deleted: what they wrote keeps their name."""

    inlines = [MemberInline]
    list_display = ["username", "email", "role", "is_active", "last_login"]
    list_filter = ["is_active", "member__role"]
    # Staff status, groups and permissions would be a second place for roles.
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("May log in", {"fields": ("is_active",)}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")

    @admin.display(ordering="member__role")
    def role(self, user: User) -> str:
        """The role of the account."""
        member = getattr(user, "member", None)
        return member.get_role_display() if member else "none"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody is deleted."""
        return False


admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.register(User, NewsroomUserAdmin)
