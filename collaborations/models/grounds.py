"""The grounds a legal basis can name beside the one for processing at all, and which of them go together.

The words name articles so that a lawyer recognises them; whether one applies is for the lawyer to say.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REGIMES = [("gdpr", _("GDPR")), ("wpg", _("Police Data Act (Wpg)")), ("wjsg", _("Judicial Data Act (Wjsg)"))]
GROUNDS = [
    ("6.1.a", _("consent (art. 6(1)(a))")),
    ("6.1.b", _("contract (art. 6(1)(b))")),
    ("6.1.c", _("legal obligation (art. 6(1)(c))")),
    ("6.1.d", _("vital interest (art. 6(1)(d))")),
    ("6.1.e", _("task in the public interest (art. 6(1)(e))")),
    ("6.1.f", _("legitimate interest (art. 6(1)(f))")),
    ("wpg", _("ground in the Wpg")),
    ("wpg.8", _("daily police task (Wpg art. 8)")),
    ("wpg.9", _("investigation for one case (Wpg art. 9)")),
    ("wpg.16", _("provision to authorities (Wpg art. 16 and 17)")),
    ("wpg.18", _("structural provision to third parties (Wpg art. 18)")),
    ("wpg.19", _("incidental provision to third parties (Wpg art. 19)")),
    ("wpg.20", _("provision to a partnership (Wpg art. 20)")),
    ("wpg.22", _("research and statistics (Wpg art. 22)")),
    ("wjsg", _("ground in the Wjsg")),
    ("wjsg.2", _("judicial documentation (Wjsg art. 2 to 15)")),
    ("wjsg.r", _("research and statistics (Wjsg art. 15)")),
    ("wjsg.e", _("criminal procedure data (Wjsg art. 39e to 39g)")),
    ("wjsg.x", _("execution of sentences (Wjsg art. 51a to 51d)")),
]
SPECIAL = [
    ("9.2.a", _("explicit consent (art. 9(2)(a))")),
    ("9.2.b", _("employment and social security law (art. 9(2)(b))")),
    ("9.2.c", _("vital interest (art. 9(2)(c))")),
    ("9.2.e", _("made public by the person (art. 9(2)(e))")),
    ("9.2.f", _("legal claims (art. 9(2)(f))")),
    ("9.2.g", _("substantial public interest, laid down in law (art. 9(2)(g))")),
    ("9.2.h", _("care and social services (art. 9(2)(h))")),
    ("9.2.i", _("public health (art. 9(2)(i))")),
    ("9.2.j", _("research and statistics (art. 9(2)(j))")),
    ("wpg.5", _("unavoidable for the police task (Wpg art. 5)")),
    ("wjsg", _("exception in the Wjsg")),
]
CRIMINAL = [
    ("10.32", _("general exception (art. 10; UAVG art. 32)")),
    ("10.33", _("own exception for criminal data (art. 10; UAVG art. 33)")),
    ("10.law", _("another law allows it (art. 10)")),
]
NUMBER = [
    ("uavg.46", _("a law prescribes the number for this purpose (UAVG art. 46)")),
    ("wabb.10", _("a public body in its public task (Wabb art. 10)")),
    ("law", _("another law gives this body the number")),
]
SIDES = [("provider", _("we provide the data")), ("recipient", _("we receive the data")), ("own", _("our own use"))]
SECRECY = [
    ("none", _("there is no secrecy duty")),
    ("lifted", _("there is one, and a provision lifts it")),
    ("untraceable", _("there is one, and it leaves out data that cannot be traced to persons")),
]
FURTHER_USE = [
    ("same", _("the purpose for which the data were collected")),
    ("allowed", _("another purpose, with consent or on a law (art. 6(4), opening words)")),
    ("tested", _("another purpose, compatible with the first one (the test of art. 6(4))")),
]
QUESTIONS = {
    "link": _("(a) Link between the first purpose and this one"),
    "context": _("(b) Context of the collection, and what the persons may expect"),
    "nature": _("(c) Nature of the data: special categories or criminal data"),
    "consequences": _("(d) Consequences for the persons"),
    "safeguards": _("(e) Safeguards: encryption, pseudonymisation"),
}
"""The five factors of the compatibility test."""


def fits(regime: str, ground: str) -> bool:
    """A ground of article 6 belongs to the GDPR; the Wpg and the Wjsg have grounds of their own."""
    return ground.startswith("6.1." if regime == "gdpr" else regime)


def special_fits(regime: str, special: str) -> bool:
    return special.startswith("9.2." if regime == "gdpr" else regime)


def cited(law: str, article: str) -> str:
    """Law and article as people read them; an article that is only a number gets its word."""
    return f"{law}, art. {article}" if article[:1].isdigit() else f"{law}, {article}"
