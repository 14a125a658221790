from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """What is said and how it travelled."""

    name = "claims"
