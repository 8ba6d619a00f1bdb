"""Entrepreneurs in difficulty: three parties, invented data. Nothing in here describes a real person or business."""
