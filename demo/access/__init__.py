"""Access requests: one desk, three bodies, invented data. Nothing in here is about a real person."""
