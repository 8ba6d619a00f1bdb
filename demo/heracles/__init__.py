"""Survival after treatment: a registry, a hospital and a helper without data. Nothing here is about a real person."""
