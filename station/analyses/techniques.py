"""What an engine promises and on which conditions, in words: for the DPIA, the contract's reader and the lawyer.

Nothing here goes further than what the protocol is built for: semi-honest parties, at most one of three corrupt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from station.specification import Text


@dataclass(frozen=True)
class Property:
    """``key``: stays when the words change. ``assumes``: what has to be true for it."""

    key: str
    what: Text
    value: Text
    assumes: Text


_MPYC = (
    Property(
        "family",
        Text(nl="Soort techniek", en="Kind of technique"),
        Text(
            nl="Rekenen op geheime delen (secret sharing volgens Shamir) door drie partijen.",
            en="Computing on secret shares (Shamir secret sharing) by three parties.",
        ),
        Text(
            nl="De drie stations staan bij drie verschillende organisaties, elk met eigen beheer.",
            en="The three stations stand at three different organisations, each with its own administration.",
        ),
    ),
    Property(
        "adversary",
        Text(nl="Tegen wie het beschermt", en="Whom it protects against"),
        Text(
            nl="Een partij die zich aan het protocol houdt en uit wat zij ziet meer probeert af te leiden.",
            en="A party that follows the protocol and tries to derive more from what it sees.",
        ),
        Text(
            nl="Een partij die bewust van het protocol afwijkt, valt hier niet onder.",
            en="A party that departs from the protocol on purpose is not covered.",
        ),
    ),
    Property(
        "threshold",
        Text(nl="Hoeveel partijen mogen samenspannen", en="How many parties may work together"),
        Text(nl="Geen: hooguit één van de drie is corrupt.", en="None: at most one of the three is corrupt."),
        Text(
            nl="Twee partijen die hun delen bij elkaar leggen, kunnen gegevens van de derde achterhalen.",
            en="Two parties that put their shares together can recover data of the third.",
        ),
    ),
    Property(
        "strength",
        Text(nl="Sterkte", en="Strength"),
        Text(
            nl="Statistische veiligheid 2^-40 per bewerking; koppelsleutels zijn nieuw bij elke run.",
            en="Statistical security 2^-40 per operation; the keys for linking are new in each run.",
        ),
        Text(
            nl="De sleutels worden na de run vernietigd en nergens bewaard.",
            en="The keys are destroyed after the run and stored nowhere.",
        ),
    ),
    Property(
        "release",
        Text(nl="Wie de uitkomst het eerst ziet", en="Who sees the outcome first"),
        Text(
            nl="De uitvoercontroleur, op het eigen station. Zonder vrijgave gaat er niets naar een ontvanger.",
            en="The checker, at its own station. Without a release nothing goes to a recipient.",
        ),
        Text(
            nl="De controleur is een andere organisatie dan de vrager.",
            en="The checker is another organisation than the asker.",
        ),
    ),
)
_FAMILY, _ADVERSARY, _THRESHOLD, _STRENGTH, _RELEASE = _MPYC

TECHNIQUES: dict[str, tuple[Property, ...]] = {
    "mpyc": _MPYC,
    "spu": (
        replace(
            _FAMILY,
            value=Text(
                nl="Rekenen op geheime delen (ABY3, gerepliceerde delen in een ring van 64 bits) door drie partijen, "
                "in SecretFlow SPU. Koppelen gebeurt daarbuiten, zoals bij elke rekenmotor.",
                en="Computing on secret shares (ABY3, replicated shares in a ring of 64 bits) by three parties, in "
                "SecretFlow SPU. Linking is done outside it, as with every engine.",
            ),
        ),
        _ADVERSARY,
        _THRESHOLD,
        replace(
            _STRENGTH,
            value=Text(
                nl="Wat eruit komt staat achter maskers met statistische afstand 2^-40; koppelsleutels zijn nieuw bij "
                "elke run. Regressie rekent met vaste komma en benadert de uitkomst.",
                en="What comes out stands behind masks with statistical distance 2^-40; the keys for linking are new "
                "in each run. Regression computes in fixed point and comes near the outcome.",
            ),
        ),
        _RELEASE,
    ),
}


def of(engine: str) -> tuple[Property, ...]:
    """Nothing for an engine that is not described here."""
    return TECHNIQUES.get(engine, ())
