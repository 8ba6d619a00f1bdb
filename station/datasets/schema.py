"""The declared form of a dataset: what a partner tells the others about its columns, before any row is read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, ValidationError

from station.contract.contract import validation_reasons
from station.contract.statements import DatasetColumn, schema_digest
from station.reasons import Refused
from station.specification import Key, Strict, Text


class Schema(Strict):
    """``columns`` are announced to the platform as they stand; their digest is in every contract."""

    dataset: Key
    description: Text
    columns: Annotated[list[DatasetColumn], Field(min_length=1, max_length=100)]

    def column(self, name: str) -> DatasetColumn | None:
        return next((column for column in self.columns if column.name == name), None)

    def column_documents(self) -> list[dict[str, Any]]:
        return [column.model_dump(mode="json") for column in self.columns]

    def digest(self, synthetic: bool) -> str:
        """The schema hash of a contract."""
        return schema_digest(self.dataset, self.column_documents(), synthetic)


def read_schema(document: Any) -> Schema:
    """A schema from its object; a column that stands twice is refused as well."""
    try:
        schema = Schema.model_validate(document)
    except ValidationError as error:
        raise Refused(*validation_reasons("dataset.schema_field", error)) from error
    names = [column.name for column in schema.columns]
    for name in names:
        if names.count(name) > 1:
            raise Refused("dataset.column_doubled", column=name, dataset=schema.dataset)
    return schema


def load_yaml(path: Path) -> dict[str, Any]:
    """A YAML file with one object; Refused when it cannot be had."""
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise Refused("file.missing", path=str(path)) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Refused("file.unreadable", path=str(path)) from error
    if not isinstance(document, dict):
        raise Refused("file.unreadable", path=str(path))
    return document
