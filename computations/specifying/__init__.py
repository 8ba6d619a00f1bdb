"""A specification in the making: where it starts, its sections, what is still missing, and how two of them differ."""
