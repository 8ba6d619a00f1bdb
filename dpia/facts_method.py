"""Facts about the method: who does what, what is computed and how it is protected, when it runs, what it tells."""

from __future__ import annotations

from typing import Any

from dpia.facts_data import Both, Facts, Rows, both, filled, name, names

ANYTIME = both("zonder herhaling", "without repetition")
RECURRENCE = {
    "once": both("eenmalig", "once"),
    "weekly": both("elke week", "every week"),
    "monthly": both("elke maand", "every month"),
    "quarterly": both("elk kwartaal", "every quarter"),
}
OPERATORS = {
    "eq": both("is", "is"),
    "ne": both("is niet", "is not"),
    "gt": both("is meer dan", "is more than"),
    "ge": both("is minstens", "is at least"),
    "lt": both("is minder dan", "is less than"),
    "le": both("is hooguit", "is at most"),
    "in": both("is een van", "is one of"),
}
GROUPED, WHERE = both("telt per", "counted per"), both("alleen als", "only if")


def technique(facts: Facts) -> Rows:
    """The promise of the technique: each property with what has to be true for it."""
    return [dict(row) for row in facts.get("technique", {}).get("properties", [])]


def program(facts: Facts) -> Both:
    """Which analysis and which engine, with their versions."""
    said = facts.get("technique")
    if not said:
        return both(facts["specification"]["analysis"], facts["specification"]["analysis"])
    sentence = both(
        "{title} ({program}, rekenmotor {engine}). {summary}", "{title} ({program}, engine {engine}). {summary}"
    )
    marks = {key: both(said[key], said[key]) for key in ("program", "engine")}
    return filled(sentence, title=said["title"], summary=said["summary"], **marks)


def assumptions(facts: Facts) -> Both:
    """What has to be true for the protection to hold."""
    return dict(facts.get("technique", {}).get("assumptions") or both("–", "–"))


def selection(facts: Facts) -> Rows:
    """The rule: which columns are counted by, and which conditions a row has to meet."""
    parameters = facts["specification"]["parameters"]
    groups, conditions = parameters.get("group_by", []), parameters.get("conditions", [])
    return [
        *({"column": f"{one['input']}.{one['column']}", "rule": GROUPED, "value": "–"} for one in groups),
        *(
            {
                "column": f"{one['input']}.{one['column']}",
                "rule": {key: f"{WHERE[key]} {OPERATORS[one['op']][key]}" for key in ("nl", "en")},
                "value": _value(one["value"]),
            }
            for one in conditions
        ),
    ]


def leakage(facts: Facts) -> Rows:
    """What parties learn beside the output."""
    return [
        {
            "what": leak["what"],
            "to_whom": names(facts, leak["to_whom"]),
            "phase": leak.get("phase", ""),
            "bound": leak["bound"],
        }
        for leak in facts["leakage"]
    ]


def disclosure(facts: Facts) -> Rows:
    """The rules that are applied inside the computation, before anybody sees a number."""
    rules = facts["specification"]["disclosure"]
    rows = [_rule(both("Kleinste groep", "Smallest group"), str(rules["k"]))]
    rows.append(_rule(both("Ook de rest van de groep haalt de drempel", "The rest of the group meets it as well"),
                      both("ja", "yes") if rules.get("two_sided") else both("nee", "no")))  # fmt: skip
    base = rules.get("rounding_base") or 0
    rows.append(_rule(both("Afronden", "Rounding"), str(base) if base else both("nee", "no")))
    rows.append(_rule(both("Aantal runs in het contract", "Runs in the contract"), _slots(facts)))
    return rows


def release(facts: Facts) -> Rows:
    """Who looks at each outcome first and decides on it, and what is shown where."""
    return [
        {
            "output": output["title"],
            "checker": name(facts, output["checker"]),
            "shown": "yes" if output["shown_on_platform"] else "no",
        }
        for output in facts["specification"]["outputs"]
    ]


def schedule(facts: Facts) -> Both:
    """The window and the number of runs."""
    plan = facts["specification"]["schedule"]
    sentence = both(
        "Van {start} tot en met {end}, {recurrence}, hooguit {slots} keer.",
        "From {start} to {end}, {recurrence}, at most {slots} times.",
    )
    same = {key: both(plan[key], plan[key]) for key in ("start", "end", "slots")}
    return filled(sentence, recurrence=RECURRENCE.get(plan["recurrence"], ANYTIME), **same)


def repeated_runs(facts: Facts) -> bool:
    """Whether the same thing may be computed more than once."""
    return bool(facts["specification"]["schedule"]["slots"] > 1)


def _rule(what: Both, value: str | Both) -> dict[str, Any]:
    return {"rule": what, "value": value}


def _slots(facts: Facts) -> str:
    return str(facts["specification"]["schedule"]["slots"])


def _value(value: Any) -> str | Both:
    if isinstance(value, bool):
        return both("ja", "yes") if value else both("nee", "no")
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
