"""The demo: invented people and numbers, and the same actions, stations and engines as in production."""
