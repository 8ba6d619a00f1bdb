"""The secure computation of one attempt, in a process of its own: ``python -m station.engine``."""
