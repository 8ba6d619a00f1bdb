"""The DPIA of the kvk example as one document: walked to its adoption without stations, then laid out in Dutch."""

from __future__ import annotations

import sys
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from demo import assessing, cast, examples, road
from demo.dossier import Dossier
from demo.road import Journey
from dpia.report import pdf
from web.pdf import NoPdf

EXAMPLE = "kvk"


def report(file: Path) -> int:
    """1 when this machine cannot lay out a PDF."""
    inputs = Path(settings.VAR_DIR).resolve() / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    example = examples.get(EXAMPLE)
    plan = example.plan(inputs, timezone.localdate())
    parties = {party.organisation: party.name for party in plan.specification.parties}
    cast.cast(parties, password=None, today=timezone.localdate())
    journey = Journey(plan.specification, Dossier(example.name), say=lambda text: print(f"  {text}", file=sys.stderr))
    road.walk(journey, until="dpia_adopt")
    assessment = assessing.assessment_of(journey)
    try:
        content = pdf(assessment, "full", "nl", assessment.current_version)
    except NoPdf as missing:
        print(f"No PDF: the libraries of Pango are missing ({missing}).", file=sys.stderr)
        return 1
    file.write_bytes(content)
    print(f"{file}: {len(content)} bytes", file=sys.stderr)
    return 0
