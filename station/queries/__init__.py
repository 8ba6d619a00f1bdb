"""The query ledger: what this station's rows were asked for before, and whether one more answer would single out few.

docs/protocols/query_ledger.md says what the rules hold off and what they leave. Each station keeps its own, over its
own rows, across contracts and use cases; nothing of it leaves the station.
"""
