"""How computing stations reach each other during a run: mutual TLS 1.3, known certificates only, raw frames."""
