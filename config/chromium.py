"""The browser that the tests drive: where it is, and how a machine without one gets it.

python -m config.chromium
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def installed() -> str | None:
    """Return the path of this machine's own Chromium, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def downloaded() -> bool:
    """Whether Playwright has a Chromium of its own here, of the version that it wants."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def get() -> bool:
    """Install Chromium: Debian's package for root on Debian, else Playwright's own. True when it worked."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Hearsay: no Chromium here; installing Debian's.", flush=True)
        quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-qq", *arguments], env=quietly, stdin=subprocess.DEVNULL, check=False)
        if installed():
            return True
    print("Hearsay: no Chromium here; downloading Playwright's.", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(command, check=False).returncode == 0


def main() -> int:
    """Get Chromium when none is there. Without one, browser tests are skipped: to ``.ci/run`` a failure."""
    if not (installed() or downloaded() or get()):
        print("Hearsay: no Chromium could be had; the browser tests will be skipped.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
