from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """Who speaks, where it was published, what we captured."""

    name = "sources"
