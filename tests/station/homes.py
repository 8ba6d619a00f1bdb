"""Real station directories for tests."""

from pathlib import Path

from station.datasets.registry import Dataset
from station.datasets.schema import read_schema
from station.home import Home, Settings, initialise
from tests.station.example import ROWS, schema


def made_home(root: Path, **settings: object) -> Home:
    """A station directory of the organisation with the directory's name; opened when it is there."""
    if not (root / "station.toml").exists():
        values = {"organisation": root.name, "platform": "http://127.0.0.1:9", "language": "en"} | settings
        initialise(root, Settings.model_validate(values))
    return Home(root)


def register_rows(home: Home, folder: Path) -> None:
    """Gives a station the file and the schema of its organisation, when it has one."""
    if home.organisation in ROWS:
        file = folder / f"{home.organisation}.csv"
        file.write_text(ROWS[home.organisation], "utf-8")
        home.datasets.put(Dataset(read_schema(schema(home.organisation)), file, "csv"))
