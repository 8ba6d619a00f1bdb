"""``python -m bench.web``: what ``bin/bench web`` starts on an empty database. Fills a crowded platform and measures.

Pages: CPU seconds of the web process (its own share; PostgreSQL works in another process) and queries, per page, beside
a page that is nothing but the frame, measured in between: a busy machine slows both alike. And how long it takes to
write down whose turn it is everywhere, and to let 10,000 legal bases end in one sweep.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402
from bench import crowd  # noqa: E402
from collaborations import kept  # noqa: E402
from collaborations.models import LegalBasis, UseCase  # noqa: E402
from computations.actions.sweep import sweep  # noqa: E402

MOST_QUERIES, MOST_SECONDS, MOST_SWEEP = 12, 0.025, 10.0
TIMES = 25
HAPPENED = 5
"""In so many use cases something happened since their turns were written down."""
FRAME = "/bench/frame/"
PAGES = {
    "list": "/use-cases/",
    "list, searched": "/use-cases/?q=schulden",
    "list, my turn": "/use-cases/?mine=1",
    "board": "/use-cases/?view=board",
    "inbox": "/",
    "news": "/news/",
    "register": "/legal-bases/",
    "register, filtered": "/legal-bases/?validity=soon",
    "calls": "/calls/",
    "calls, searched": "/calls/?q=schulden",
    "organisations": "/organisations/",
    "organisation": "/organisations/org-0/",
}


@dataclass(frozen=True)
class Page:
    """CPU seconds of one request (median of ``TIMES``), of the first one, its queries, and the frame meanwhile."""

    name: str
    cpu: float
    first: float
    queries: int
    first_queries: int
    frame: float

    @property
    def verdict(self) -> str:
        fits = max(self.queries, self.first_queries) <= MOST_QUERIES and self.cpu <= MOST_SECONDS
        return "" if fits else "  over"


@dataclass(frozen=True)
class Took:
    """One thing that was done, in seconds on the clock and of CPU of this process."""

    name: str
    number: int
    seconds: float
    cpu: float


def main() -> int:
    options = _parser().parse_args()
    settings.ALLOWED_HOSTS, settings.ROOT_URLCONF = ["testserver"], "bench.addresses"
    _say(f"filling: {options.use_cases} use cases, {options.organisations} organisations, {options.people} people")
    size = crowd.Size(options.organisations, options.people, options.use_cases)
    client = Client()
    user = crowd.fill(size)
    client.force_login(user)
    _analyse()
    _say("writing down whose turn it is, as the task does")
    took = [_timed("turns written down", lambda: kept.keep_all(anew=True))]
    _analyse()
    if options.profile:
        return _profile(client, options.profile)
    pages = list(measure(client, user))
    _say("letting legal bases end")
    took.append(expire(options.rows))
    _say("writing down whose turn it is in what rested on them")
    took.append(_timed("turns caught up with", kept.keep_all))
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    document = {"web": [asdict(page) for page in pages], "took": [asdict(one) for one in took], "load": load}
    print(json.dumps(document) if options.json else table(pages, took, load))
    return 0


def expire(rows: int) -> Took:
    """Approved rows of authorised use cases that ended yesterday, and one sweep."""
    crowd.ending(rows)
    _analyse()
    before = LegalBasis.objects.filter(state="expired").count()

    def swept() -> int:
        sweep()
        return LegalBasis.objects.filter(state="expired").count() - before

    return _timed("bases ended in one sweep", swept)


def measure(client: Client, user: User) -> Iterator[Page]:
    client.get(FRAME)
    for name, address in PAGES.items():
        _say(f"measuring {name}")
        cache.clear()
        first, first_queries = _first(client, address)
        yield _page(name, client, address, first, first_queries)
    _say("measuring the inbox after something happened")
    kept.want(UseCase.objects.visible_to(user).values_list("pk", flat=True)[:HAPPENED])
    first, first_queries = _first(client, PAGES["inbox"])
    yield _page(f"inbox, {HAPPENED} behind", client, PAGES["inbox"], first, first_queries)


def _page(name: str, client: Client, address: str, first: float, first_queries: int) -> Page:
    """Turn by turn with the frame."""
    pairs = [(_cpu(client, address), _cpu(client, FRAME)) for _ in range(TIMES)]
    cpu, frame = (statistics.median(column) for column in zip(*pairs, strict=True))
    return Page(name, cpu, first, _queries(client, address), first_queries, frame)


def _analyse() -> None:
    """What PostgreSQL does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _timed(name: str, what: Callable[[], int]) -> Took:
    cpu, seconds = time.process_time(), time.monotonic()
    number = what()
    return Took(name, number, round(time.monotonic() - seconds, 1), round(time.process_time() - cpu, 1))


def _profile(client: Client, address: str) -> int:
    _cpu(client, address)
    profile = cProfile.Profile()
    for _ in range(TIMES):
        profile.runcall(_cpu, client, address)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(60)
    return 0


def _first(client: Client, address: str) -> tuple[float, int]:
    found: list[float] = []
    queries = _asked(lambda: found.append(_cpu(client, address)))
    return found[0], queries


def _queries(client: Client, address: str) -> int:
    return _asked(lambda: client.get(address))


def _asked(what: Callable[[], Any]) -> int:
    asked = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        what()
    return len(asked)


def _cpu(client: Client, address: str) -> float:
    before = time.process_time()
    answer = client.get(address)
    spent = time.process_time() - before
    if answer.status_code != 200:
        sys.exit(f"{address} answered {answer.status_code}")
    return spent


def table(pages: list[Page], took: list[Took], load: float) -> str:
    lines = ["page                 CPU ms  frame ms  first ms  queries  at first", "-" * 67]
    lines += [
        f"{page.name:19}  {1000 * page.cpu:6.1f}  {1000 * page.frame:8.1f}  {1000 * page.first:8.1f}"
        f"  {page.queries:7}  {page.first_queries:8}{page.verdict}"
        for page in pages
    ]
    lines += ["", f"Targets: {1000 * MOST_SECONDS:.0f} ms of CPU and {MOST_QUERIES} queries a page.", ""]
    lines += [f"{one.number:6} {one.name}: {one.seconds:.1f} s, {one.cpu:.1f} s of CPU" for one in took]
    lines += ["", f"Target: {MOST_SWEEP:.0f} s for 10,000 rows. Load meanwhile: {load:.1f} per core."]
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    size = crowd.Size()
    parser = argparse.ArgumentParser(prog="bin/bench web", description="Measures pages of a crowded platform.")
    parser.add_argument("--use-cases", type=int, default=size.use_cases)
    parser.add_argument("--organisations", type=int, default=size.organisations)
    parser.add_argument("--people", type=int, default=size.people)
    parser.add_argument("--rows", type=int, default=10_000, help="legal bases that end in one sweep")
    parser.add_argument("--profile", metavar="ADDRESS", help="where the time of one page goes")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    return parser


def _say(text: str) -> None:
    print(f"  {text} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
