"""What a backend has to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from station.reasons import Reason

if TYPE_CHECKING:
    from computations.models import Run


class Backend(ABC):
    """Stateless; one instance, ``BACKEND``, stands in each folder. Every method gets a locked run."""

    key: ClassVar[str]

    @abstractmethod
    def check(self) -> list[Reason]:
        """What keeps this backend from working now; an empty list means it is fit."""

    @abstractmethod
    def start(self, run: Run) -> None:
        """Takes a queued run: it is ``preparing`` afterwards."""

    @abstractmethod
    def retry(self, run: Run) -> None:
        """Begins the next attempt of a run whose ``attempt`` was just raised."""
