"""The colour of a state: one table for all lifecycles. The word itself always stands in the badge as well."""

TONES = {
    "ok": "adopted approved authorised released in_force signed joined active closed complete done positive granted "
    "implemented verified",
    "wait": "draft drafted proposed invited on_hold queued checking under_review open todo uncertain "
    "conditional refrained asked planned",
    "stop": "rejected withdrawn suspended refused failed withheld cancelled revoked expired declined terminated "
    "negative",
    "busy": "exploring assessing privacy_review dpo_advice response prior_consultation adoption legal_review "
    "dpo_advised preparing running releasing",
}
_BY_STATE = {state: tone for tone, states in TONES.items() for state in states.split()}


def tone(state: str) -> str:
    """``ok``, ``wait``, ``stop`` or ``busy``; empty (grey) for a state that is none of these."""
    return _BY_STATE.get(str(state), "")
