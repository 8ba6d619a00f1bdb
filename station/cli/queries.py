"""``query list``, ``query refusals``, ``query allow`` and ``query cut``: the query ledger, for the own steward."""

from __future__ import annotations

import argparse
from datetime import date

from station.cli.contracts import find
from station.cli.words import Voice
from station.datasets.reading import read_column
from station.home import Home
from station.queries.cutting import cut_reasons
from station.reasons import Refused


def listing(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    """Newest first per dataset."""
    found = False
    for dataset in home.datasets.all():
        for answered in home.ledger.answered(dataset.schema.dataset):
            found = True
            voice.say(
                "query_line", day=answered.day, dataset=dataset.schema.dataset, title=answered.statistic.title,
                recipients=", ".join(sorted(answered.statistic.recipients)), number=len(answered.people),
            )  # fmt: skip
    if not found:
        voice.say("no_queries")


def refusals(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    found = home.ledger.query_refusals()
    if not found:
        voice.say("no_query_refusals")
    for refusal in found:
        voice.say("query_refusal", day=refusal.day, run=refusal.run, contract=refusal.contract[:12])
        for reason in refusal.reasons:
            voice.line(f"  - {reason.text(voice.language)}")


def allow(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    """Two functions of this organisation decide together; for one next run of this contract."""
    contract = find(home, given.id)
    steward = given.steward or voice.ask("ask_steward")
    officer = given.dpo or voice.ask("ask_dpo")
    reasons = given.reasons or voice.ask("ask_reasons")
    if not all(text.strip() for text in (steward, officer, reasons)):
        raise Refused("query.who_decides")
    if steward.strip().casefold() == officer.strip().casefold():
        raise Refused("query.two_functions")
    home.ledger.allow_query(contract.sha256, day=date.today(), steward=steward, officer=officer, reasons=reasons)
    voice.say("query_allowed", id=contract.sha256[:12])


def cut(home: Home, voice: Voice, given: argparse.Namespace) -> None:
    """Only where enough people stand on both sides: who may cut anywhere, may cut around one person."""
    dataset = home.datasets.get(given.dataset)
    column = dataset.schema.column(given.column)
    if column is None:
        raise Refused("dataset.column_missing", column=given.column, dataset=given.dataset)
    known = home.ledger.cuts(given.dataset, given.column)
    values = read_column(dataset.file, given.dataset, column)
    if reasons := list(cut_reasons(values, given.cut, known, least=2 * home.policy.least_k)):
        raise Refused(*reasons)
    home.ledger.keep_cuts(given.dataset, given.column, {given.cut})
    voice.say("cut_kept", dataset=given.dataset, column=given.column, cut=given.cut)
