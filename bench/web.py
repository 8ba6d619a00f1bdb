"""``python -m bench.web``: what ``bin/bench web`` starts on an empty database. Fills a crowded platform and measures
pages: CPU seconds of the web process (its own share; PostgreSQL works in another process) and queries, per page."""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from bench import crowd  # noqa: E402
from collaborations import kept  # noqa: E402

MOST_QUERIES, MOST_SECONDS = 12, 0.025
TIMES = 15
PAGES = {
    "list": "/use-cases/",
    "list, searched": "/use-cases/?q=schulden",
    "board": "/use-cases/?view=board",
    "inbox": "/",
    "register": "/legal-bases/",
}


@dataclass(frozen=True)
class Page:
    """CPU seconds of one request (median of ``TIMES``), of the first one, and its queries."""

    name: str
    cpu: float
    first: float
    queries: int

    @property
    def verdict(self) -> str:
        return "" if self.queries <= MOST_QUERIES and self.cpu <= MOST_SECONDS else "  over"


def main() -> int:
    options = _parser().parse_args()
    settings.ALLOWED_HOSTS = ["testserver"]
    _say(f"filling: {options.use_cases} use cases, {options.organisations} organisations, {options.people} people")
    size = crowd.Size(options.organisations, options.people, options.use_cases)
    client = Client()
    client.force_login(crowd.fill(size))
    _analyse()
    _say("writing down whose turn it is, as the task does")
    begin = time.process_time()
    number = kept.keep_all(anew=True)
    _say(f"{number} use cases in {time.process_time() - begin:.0f} s of CPU")
    _analyse()
    if options.profile:
        return _profile(client, options.profile)
    pages = list(_measure(client))
    print(json.dumps({"web": [asdict(page) for page in pages]}) if options.json else _table(pages))
    return 0


def _analyse() -> None:
    """What PostgreSQL does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _measure(client: Client) -> Iterator[Page]:
    for name, address in PAGES.items():
        cache.clear()
        _say(f"measuring {name}")
        first = _cpu(client, address)
        cpu = statistics.median(_cpu(client, address) for _ in range(TIMES))
        yield Page(name, cpu, first, _queries(client, address))


def _profile(client: Client, address: str) -> int:
    _cpu(client, address)
    profile = cProfile.Profile()
    for _ in range(TIMES):
        profile.runcall(_cpu, client, address)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(60)
    return 0


def _queries(client: Client, address: str) -> int:
    asked = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        client.get(address)
    return len(asked)


def _cpu(client: Client, address: str) -> float:
    before = time.process_time()
    answer = client.get(address)
    spent = time.process_time() - before
    if answer.status_code != 200:
        sys.exit(f"{address} answered {answer.status_code}")
    return spent


def _table(pages: list[Page]) -> str:
    lines = ["page              CPU ms  first ms  queries", "-" * 44]
    lines += [
        f"{page.name:16}  {1000 * page.cpu:6.1f}  {1000 * page.first:8.1f}  {page.queries:7}" + page.verdict
        for page in pages
    ]
    return "\n".join([*lines, "", f"Targets: {1000 * MOST_SECONDS:.0f} ms of CPU and {MOST_QUERIES} queries a page."])


def _parser() -> argparse.ArgumentParser:
    size = crowd.Size()
    parser = argparse.ArgumentParser(prog="bin/bench web", description="Measures pages of a crowded platform.")
    parser.add_argument("--use-cases", type=int, default=size.use_cases)
    parser.add_argument("--organisations", type=int, default=size.organisations)
    parser.add_argument("--people", type=int, default=size.people)
    parser.add_argument("--profile", metavar="ADDRESS", help="where the time of one page goes")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    return parser


def _say(text: str) -> None:
    print(f"  {text} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
