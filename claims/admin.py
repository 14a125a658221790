"""The Django admin: where admins manage people. Evidence and reviews aren't changed here."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User

from claims.models import Member


class MemberInline(admin.StackedInline):
    """The role, on the page of the account."""

    model = Member
    can_delete = False


class NewsroomUserAdmin(UserAdmin):
    """Accounts with their role. Deactivate people; what they wrote keeps their name."""

    inlines = [MemberInline]
    list_display = ["username", "email", "role", "is_active", "last_login"]

    @admin.display(ordering="member__role")
    def role(self, user: User) -> str:
        """The role of the account."""
        member = getattr(user, "member", None)
        return member.get_role_display() if member else "none"


admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.register(User, NewsroomUserAdmin)
