"""The settings of production with the floor's address."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.floor"
