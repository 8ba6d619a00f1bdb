"""A platform of its own for one file of tests: database and web, no workers and no stations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from bin.machine import ports, programs
from bin.machine.commands import run
from bin.machine.instance import Instance
from bin.machine.paths import PYTHON, VAR
from bin.machine.platform import Platform

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


@contextmanager
def served(name: str) -> Iterator[Instance]:
    web = ports.any_free()
    made = Instance(VAR / f"{name}-{web}", web, ports.any_free(), durable=False, outer_servers=False)
    platform = Platform(made, restart=False)
    try:
        made.start_servers()
        run([PYTHON, "manage.py", "migrate", "--noinput"], failing="No database.", env=made.environment())
        platform._start(programs.web(web))
        yield made
    finally:
        platform.stop()
    made.erase()
    made.directory.rmdir()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["NICPET_CHROMIUM"], args=OPTIONS)
        yield browser
        browser.close()
