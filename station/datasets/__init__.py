"""The partner's own rows: declared, checked and read here. Nothing of them leaves this folder in a text or a log."""

from station.datasets.reading import Rows, read_input
from station.datasets.registry import Registry
from station.datasets.schema import Schema

__all__ = ["Registry", "Rows", "Schema", "read_input"]
