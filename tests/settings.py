"""The settings under test, on a database server that no demo uses."""

import os

if not os.environ.get("DATABASE_URL"):
    from config import embedded

    os.environ["DATABASE_URL"] = embedded.url("test")
    EMBEDDED = True
else:
    EMBEDDED = False
os.environ.setdefault("SECRET_KEY", "for tests alone, where nothing is secret and nothing lasts")
os.environ.setdefault("HTTPS", "0")

from config.settings import *  # noqa: F403

# Nothing is collected here; the files are served from where they lie.
STATIC_ROOT = None
# The stretching that protects a real password would take most of the suite's time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
