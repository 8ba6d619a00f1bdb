"""Facts about who decides and on which ground: parties and their capacity, and the register of legal bases."""

from __future__ import annotations

from dpia.facts_data import Facts, Rows, name

REGIMES = ("gdpr", "wpg", "wjsg")


def parties(facts: Facts) -> Rows:
    return [
        {"partner": p["name"], "capacity": p["capacity"], "party_roles": list(p["party_roles"])}
        for p in facts["parties"]
    ]


def joint_controllers(facts: Facts) -> bool:
    """Whether two or more controllers decide together (GDPR art. 26)."""
    return sum(p["capacity"] in ("controller", "joint_controller") for p in facts["parties"]) > 1


def processors(facts: Facts) -> bool:
    """Whether somebody takes part on behalf of others (GDPR art. 28)."""
    return any(p["capacity"] == "processor" for p in facts["parties"])


def legal_bases(facts: Facts) -> Rows:
    return [
        {
            "partner": name(facts, basis["organisation"]),
            "data_category": basis["data_category"],
            "operation": basis["operation"],
            "ground": basis["ground"],
            "provision": f"{basis['law_id']} {basis['article']}",
            "valid_to": basis["valid_to"],
        }
        for basis in facts["bases"]
    ]


def regimes(facts: Facts) -> list[str]:
    """Under which laws data are processed: as the partners recorded it, and the GDPR as long as nobody did."""
    found = {basis.get("regime", "gdpr") for basis in facts["bases"]}
    return [one for one in REGIMES if one in found] or ["gdpr"]


def secrecy(facts: Facts) -> Rows:
    """Duties of secrecy as the partners recorded them, and what lifts them."""
    return [
        {
            "partner": name(facts, basis["organisation"]),
            "duty": str(basis.get("secrecy_provision") or basis["secrecy"]),
            "lifted_by": str(basis.get("secrecy_lifted_by") or ""),
        }
        for basis in facts["bases"]
        if basis.get("secrecy_provision") or basis.get("secrecy") not in (None, "", "none")
    ]


def further_use(facts: Facts) -> Rows:
    """For what data were collected, where a partner recorded that they are used for something else now."""
    return [
        {
            "partner": name(facts, basis["organisation"]),
            "data_category": basis["data_category"],
            "collected_for": str(basis["collected_for"]),
            "purpose": basis["purpose"],
        }
        for basis in facts["bases"]
        if basis.get("collected_for")
    ]
