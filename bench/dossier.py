"""``python -m bench.dossier``: what ``bin/bench dpia`` starts on an empty database. Walks the DPIA of the kvk example
and measures what people wait for: a report, a point of it, a save while somebody types, and comparing two versions.

CPU is of this process (PostgreSQL works in another); the report is laid out in a process of its own, whose memory is
that of a worker that makes one document."""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from demo import assessing, cast, examples, road  # noqa: E402
from demo.dossier import Dossier  # noqa: E402
from demo.road import Journey  # noqa: E402
from dpia.compare import differences  # noqa: E402
from dpia.documents import form_of  # noqa: E402
from dpia.frozen import points  # noqa: E402
from dpia.models import Assessment  # noqa: E402
from dpia.report import pdf  # noqa: E402
from dpia.template import stored_form  # noqa: E402

TIMES = 15


@dataclass(frozen=True)
class Figure:
    """``value`` against the most that it may be."""

    name: str
    value: float
    most: float
    unit: str

    @property
    def verdict(self) -> str:
        return "" if self.value <= self.most else "  over"


def main() -> int:
    options = _parser().parse_args()
    if options.report:
        return _one_report(options.report)
    settings.ALLOWED_HOSTS = ["testserver"]
    journey = _journey()
    road.walk(journey, until="legal_bases")
    assessing.fill(journey)
    client, address = _drafter(journey), f"/use-cases/{journey.use_case.pk}/assessment/points/"
    if options.profile:
        return _profile(lambda: _save(client, address))
    found = [*_points(client, address, journey), *_saves(client, address)]
    road.walk(journey, after="legal_bases", until="dpia_adopt")
    found += [*_comparing(assessing.assessment_of(journey)), *_report(assessing.assessment_of(journey))]
    print(json.dumps({"dpia": [asdict(one) for one in found]}) if options.json else _table(found))
    return 0


def _journey() -> Journey:
    inputs = Path(settings.VAR_DIR).resolve() / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    plan = examples.get("kvk").plan(inputs, timezone.localdate())
    parties = {party.organisation: party.name for party in plan.specification.parties}
    cast.cast(parties, password=None, today=timezone.localdate())
    return Journey(plan.specification, Dossier("kvk"), say=_say)


def _drafter(journey: Journey) -> Client:
    client = Client()
    client.force_login(journey.person(journey.asker, "drafter"))
    return client


def _points(client: Client, address: str, journey: Journey) -> Iterator[Figure]:
    """The heaviest of all points, by its queries and by its CPU."""
    keys = [point.id for point in stored_form(assessing.assessment_of(journey).template).points()]
    queries = {key: _queries(lambda key=key: _get(client, f"{address}{key}/")) for key in keys}
    _say("points: " + ", ".join(f"{key} {number}" for key, number in queries.items()))
    yield Figure("opening a point: queries", max(queries.values()), 10, "")
    cpu = [_cpu(lambda key=key: _get(client, f"{address}{key}/")) for key in keys]
    yield Figure("opening a point: CPU", 1000 * max(cpu), 100, "ms")


def _saves(client: Client, address: str) -> Iterator[Figure]:
    yield Figure("a save while typing: queries", _queries(lambda: _save(client, address)), 20, "")
    yield Figure("a save while typing: CPU", 1000 * _cpu(lambda: _save(client, address)), 15, "ms")


_typed = iter(range(10**6))
_seen: dict[str, str] = {}


def _save(client: Client, address: str) -> None:
    """Somebody typed on in a long text."""
    if not _seen:
        page = client.get(f"{address}p1/").content.decode()
        found = re.search(r'name="seen-scope" value="([0-9a-f]+)"', page) or sys.exit("no field to type in")
        _seen["scope"] = found.group(1)
    data = {"scope": f"What it is about, {next(_typed)} words so far", "seen-scope": _seen["scope"]}
    answer = client.post(f"{address}p1/autosave/", data)
    told = answer.json()["questions"]["scope"] if answer.status_code == 200 else {}
    if told.get("state") != "saved":
        sys.exit(f"the save answered {answer.status_code}")
    _seen["scope"] = told["seen"]


def _comparing(assessment: Assessment) -> Iterator[Figure]:
    """Two versions of one DPIA, each read anew, with every longer text changed."""
    version = assessment.versions.order_by("number").first() or sys.exit("no version")
    form, called = form_of(version), {}
    data = json.loads(json.dumps(version.data))
    for answer in data["answers"]:
        if isinstance(answer["value"], str) and len(answer["value"]) > 20:
            answer["value"] = f"{answer['value'][10:]} and something new"
    questions = len({answer["question"] for answer in data["answers"]})
    taken = _cpu(lambda: differences(list(points(form, version.data, called)), list(points(form, data, called))))
    yield Figure(f"comparing two versions of {questions} questions: CPU", 1000 * taken, 50, "ms")


def _report(assessment: Assessment) -> Iterator[Figure]:
    """The whole DPIA, in a process that makes one document: seconds beside its start, and its most memory."""
    command = [sys.executable, "-m", "bench.dossier", "--report", str(assessment.pk)]
    told = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    pages = told["pages"]
    yield Figure(f"a report of {pages} pages: CPU", told["cpu"], 5, "s")
    yield Figure(f"a report of {pages} pages: wall clock", told["seconds"], 5, "s")
    yield Figure(f"a report of {pages} pages: memory", told["mib"], 150, "MiB")


def _one_report(key: str) -> int:
    assessment = Assessment.objects.get(pk=key)
    begun, cpu = time.monotonic(), time.process_time()
    content = pdf(assessment, "full", "nl", assessment.current_version)
    took = {"seconds": time.monotonic() - begun, "cpu": time.process_time() - cpu}
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with tempfile.NamedTemporaryFile(prefix="nicpet-report-", suffix=".pdf", delete=False) as kept:
        kept.write(content)
    _say(f"the report stands in {kept.name}")
    print(json.dumps(took | {"mib": mib, "pages": _pages(content)}))
    return 0


def _pages(content: bytes) -> int:
    """Every page is an object of its own, packed with others."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    return sum(len(re.findall(rb"/Type\s*/Page\b", one)) for one in [content, *map(_unpacked, packed)])


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def _get(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        sys.exit(f"{address} answered {answer.status_code}")


def _queries(act: Callable[[], Any]) -> int:
    act()
    asked = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        act()
    return len(asked)


def _cpu(act: Callable[[], Any]) -> float:
    """The median of several; the least would leave out what the collector of garbage costs."""
    act()
    return statistics.median(_once(act) for _ in range(TIMES))


def _once(act: Callable[[], Any]) -> float:
    before = time.process_time()
    act()
    return time.process_time() - before


def _profile(act: Callable[[], Any]) -> int:
    import cProfile
    import pstats

    act()
    profile = cProfile.Profile()
    for _ in range(TIMES):
        profile.runcall(act)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(70)
    return 0


def _table(found: list[Figure]) -> str:
    wide = max(len(one.name) for one in found)
    lines = [f"{one.name:{wide}}  {one.value:8.1f} {one.unit:3} (at most {one.most:g}){one.verdict}" for one in found]
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    return "\n".join([*lines, "", f"Load meanwhile: {load:.1f} per core."])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bin/bench dpia", description="Measures one DPIA of 17 points.")
    parser.add_argument("--profile", action="store_true", help="where the time of a save goes")
    parser.add_argument("--report", metavar="KEY", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    return parser


def _say(text: str) -> None:
    print(f"  {text} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
