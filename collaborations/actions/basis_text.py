"""What a legal basis says, checked before it is kept. The citation is the partner's own; nobody checks the law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from django.utils.translation import gettext

from collaborations.access import short, written
from collaborations.models import BasisCitation, LegalBasis, grounds
from station.contract.canonical import digest
from station.reasons import Reason, Refused

CHOICES = {
    "operation": LegalBasis.OPERATIONS, "regime": grounds.REGIMES, "ground": grounds.GROUNDS,
    "special": grounds.SPECIAL, "criminal": grounds.CRIMINAL, "number": grounds.NUMBER, "side": grounds.SIDES,
    "secrecy": grounds.SECRECY, "further_use": grounds.FURTHER_USE,
}  # fmt: skip
OPTIONAL = {
    "special", "criminal", "number", "side", "counterpart", "secrecy", "secrecy_provision", "secrecy_lifted_by",
    "further_use", "collected_for",
}  # fmt: skip
"""Empty where the law asks nothing; ``requirements.py`` says when it does."""
MOST_CITATIONS = 10


@dataclass(frozen=True)
class Citation:
    """One provision, with the day of the text that was read."""

    law_id: str
    article: str
    version_date: date | None = None
    quote: str = ""
    remark: str = ""
    verified: bool = False


@dataclass(frozen=True)
class BasisText:
    """The fields that a person fills in. ``law_id`` and ``article`` are the main provision, the first citation."""

    purpose: str
    data_category: str
    operation: str
    regime: str
    ground: str
    provision: str
    law_id: str
    article: str
    valid_from: date
    valid_to: date
    special: str = ""
    criminal: str = ""
    number: str = ""
    side: str = ""
    counterpart: str = ""
    secrecy: str = ""
    secrecy_provision: str = ""
    secrecy_lifted_by: str = ""
    further_use: str = ""
    collected_for: str = ""
    compatibility: dict[str, str] = field(default_factory=dict)
    citations: tuple[Citation, ...] = ()

    def cited(self) -> tuple[Citation, ...]:
        """The main provision first, then the others."""
        main = Citation(self.law_id, self.article)
        if self.citations and (self.citations[0].law_id, self.citations[0].article) == (self.law_id, self.article):
            return self.citations
        return (main, *self.citations)


COLUMNS = [part.name for part in fields(BasisText) if part.name not in ("compatibility", "citations")]


def checked(text: BasisText) -> dict[str, Any]:
    """The fields of a row, or a refusal that names what is missing or wrong."""
    values: dict[str, Any] = {name: _checked(name, getattr(text, name)) for name in COLUMNS}
    values["compatibility"] = {
        key: short(text.compatibility[key], str(label), 2_000)
        for key, label in grounds.QUESTIONS.items()
        if text.compatibility.get(key, "").strip()
    }
    if text.valid_to < text.valid_from:
        raise Refused("dates.end_before_begin", begin=text.valid_from.isoformat(), end=text.valid_to.isoformat())
    reasons = [*_grounds_fit(text)]
    if reasons:
        raise Refused(*reasons)
    return values


def checked_citations(text: BasisText) -> list[Citation]:
    """What is cited, each with a law and an article."""
    cited = text.cited()
    if len(cited) > MOST_CITATIONS:
        raise Refused("basis.many_citations", limit=MOST_CITATIONS)
    return [_citation(entry) for entry in cited]


def cite(basis: LegalBasis, cited: list[Citation]) -> None:
    """These provisions, instead of what the row cited before."""
    basis.citations.all().delete()
    BasisCitation.objects.bulk_create(
        BasisCitation(basis=basis, number=number, **asdict(entry)) for number, entry in enumerate(cited, 1)
    )


def text_of(basis: LegalBasis) -> BasisText:
    own = [part.name for part in fields(Citation)]
    citations = tuple(Citation(**{name: getattr(row, name) for name in own}) for row in basis.citations.all())
    columns = {name: getattr(basis, name) for name in COLUMNS}
    return BasisText(**columns, compatibility=dict(basis.compatibility), citations=citations)


def mark_of(basis: LegalBasis) -> str:
    """Changes with every change of the text: whoever saves says which text was in front of them."""
    return digest(_plain(asdict(text_of(basis))))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value.isoformat() if isinstance(value, date) else value


def _grounds_fit(text: BasisText) -> Iterator[Reason]:
    """Combinations that no law knows are not kept, not even in a draft."""
    if text.special and not grounds.special_fits(text.regime, text.special):
        yield Reason("basis.special_regime")
    if text.criminal and text.regime != "gdpr":
        yield Reason("basis.criminal_regime")
    if text.secrecy in ("", "none") and (text.secrecy_provision.strip() or text.secrecy_lifted_by.strip()):
        yield Reason("basis.secrecy_contradicts")


def _citation(entry: Citation) -> Citation:
    law, article = gettext("law"), gettext("article")
    return Citation(
        short(written(entry.law_id, "basis.incomplete", field=law), law, 100),
        short(written(entry.article, "basis.incomplete", field=article), article, 60),
        entry.version_date, short(entry.quote, gettext("quotation"), 2_000),
        short(entry.remark, gettext("remark"), 2_000), entry.verified,
    )  # fmt: skip


def _checked(name: str, value: str | date) -> str | date:
    if isinstance(value, date):
        return value
    column = LegalBasis._meta.get_field(name)
    label = str(column.verbose_name)
    if name in OPTIONAL and not value.strip():
        return ""
    if name in CHOICES:
        if value not in dict(CHOICES[name]):
            raise Refused("basis.choice", field=label)
        return value
    return short(written(value, "basis.incomplete", field=label), label, column.max_length)
