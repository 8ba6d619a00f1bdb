"""What the terminal says when the demo runs: the address, the accounts, and what waits for somebody at a station."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from accounts.roles import ROLES
from collaborations.models import Contract
from computations.models import Run
from demo import cast
from demo.people import describe
from demo.scene import stage
from station.contract.signatures import unverified

SHORT = 12  # characters of an id are enough


def show() -> int:
    print("\n".join(_lines()), file=sys.stderr, flush=True)
    return 0


def _lines() -> Iterator[str]:
    yield ""
    yield f"  Address    {settings.BASE_URL}"
    yield f"  Password   {cast.password_of(Path(settings.VAR_DIR).resolve())}   (of every account)"
    yield ""
    width = max(len(role.nl) for role in ROLES.values()) + 2
    first = stage()["stations"][0]
    yield f"  {'Rol':{width}}{'Account':32}Role"
    for key in describe()["roles"]:
        yield f"  {ROLES[key].nl:{width}}{cast.email(first, key):32}{ROLES[key].en}"
    admin = ROLES["platform_admin"]
    yield f"  {admin.nl:{width}}{describe()['platform']['email']:32}{admin.en}"
    others = ", ".join(f"@{key}.example" for key in stage()["organisations"] if key != first)
    yield f"  The same before {others}."
    yield ""
    yield from _waiting()


def _waiting() -> Iterator[str]:
    for contract in Contract.objects.filter(state="drafted").select_related("use_case"):
        signed = {unverified(jws)["organisation"] for jws in contract.signatures.values_list("jws", flat=True)}
        for party in contract.read().stations:
            if party.organisation not in signed:
                yield f"  {contract.use_case.title}: waits for the signature of {party.organisation},"
                yield f"  with the code {contract.code}."
                yield f"    bin/demo station {party.organisation} sign {contract.sha256[:SHORT]}"
    for run in Run.objects.filter(state="checking").select_related("contract__use_case"):
        for output in run.terms.specification.outputs:
            yield f"  {run.contract.use_case.title}: an outcome waits for its checker, {output.checker}."
            yield f"    bin/demo station {output.checker} output show {str(run.pk)[:SHORT]}"
            yield f"    bin/demo station {output.checker} output release {str(run.pk)[:SHORT]}"
