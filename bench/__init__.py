"""What it costs: the engine at several sizes, beside a yardstick; the whole road beside its engine."""
