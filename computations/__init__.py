"""How a computation runs and what came out: stations, runs, statements, results."""
