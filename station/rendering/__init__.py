"""The contract as its partner reads it: by this station's own template, from the canonical text that gets signed."""

from station.rendering.contract import render
from station.rendering.document import render_document
from station.rendering.table import render_table

__all__ = ["render", "render_document", "render_table"]
