"""The settings under test, on a database server that no demo uses."""

import os

from config import embedded

# Set here for the settings; the processes of a divided run find it set already.
EMBEDDED = os.environ.get("DATABASE_URL", "") in ("", embedded.url("test"))
if EMBEDDED:
    os.environ["DATABASE_URL"] = embedded.url("test")
os.environ.setdefault("SECRET_KEY", "for tests alone, where nothing is secret and nothing lasts")
os.environ.setdefault("HTTPS", "0")

from config.settings import *  # noqa: E402, F403

# Nothing is collected here; the files are served from where they lie.
STATIC_ROOT = None
# The stretching that protects a real password would take most of the suite's time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
