from django.apps import AppConfig
from django.contrib.admin import apps as admin


class ClaimsConfig(AppConfig):
    """What is said and how it travelled."""

    default = True
    name = "claims"


class NewsroomAdminConfig(admin.AdminConfig):
    """Django's admin with our site in the place of its own."""

    default = False
    default_site = "claims.admin_site.NewsroomAdminSite"
