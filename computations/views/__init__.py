from computations.views.results import result, result_csv
from computations.views.runs import again, cancel, progress, run, runs, schedule
from computations.views.stations import station, token

__all__ = ["again", "cancel", "progress", "result", "result_csv", "run", "runs", "schedule", "station", "token"]
