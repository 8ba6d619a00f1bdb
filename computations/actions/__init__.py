"""Everything that changes a station, a run or an output."""

from computations.actions.contracts import draft_contract
from computations.actions.drafts import discard_draft, finish_draft, promote_trial, replace_draft, save_section
from computations.actions.incidents import close_incident, decide_incident, record_incident
from computations.actions.paper import comparable, compare_code
from computations.actions.receive import receive
from computations.actions.runs import cancel_run, free_slots, no_free_slot, retry_run, schedule_run, start_run
from computations.actions.schedules import carry_out_schedules, plan_runs, stop_schedule
from computations.actions.stations import announce_dataset, claimed_key, enrol, enrolment_token, note_engines
from computations.actions.sweep import sweep
from computations.actions.traffic import accept_result, accept_share, note_progress

__all__ = [
    "accept_result", "accept_share", "announce_dataset", "cancel_run", "carry_out_schedules", "claimed_key",
    "close_incident", "comparable", "compare_code", "decide_incident", "discard_draft", "draft_contract", "enrol",
    "enrolment_token", "finish_draft", "free_slots", "no_free_slot", "note_engines", "note_progress", "plan_runs",
    "promote_trial", "receive", "record_incident", "replace_draft", "retry_run", "save_section", "schedule_run",
    "start_run", "stop_schedule", "sweep",
]  # fmt: skip
