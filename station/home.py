"""A station's own directory: settings, key, pins, policy, datasets and ledger. Only its owner may read it."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from pydantic import Field, StringConstraints, ValidationError

from station.contract.contract import validation_reasons
from station.contract.signatures import new_key
from station.datasets import Registry
from station.ledger import Ledger
from station.pins import Pins
from station.policy import DEFAULT, Policy, read_policy
from station.private import write_private
from station.reasons import Refused
from station.records import Records
from station.specification import Key, Strict

PRIVATE = 0o077


class Settings(Strict):
    """``station.toml``. ``address``: "host:port" under which the other stations reach this one, when it differs."""

    organisation: Key
    platform: Annotated[str, StringConstraints(pattern=r"^https?://[^\s?#]+$")]
    language: Literal["nl", "en"] = "nl"
    listen_host: Annotated[str, StringConstraints(pattern=r"^[^\s]+$")] = "127.0.0.1"
    listen_port: Annotated[int, Field(ge=1, le=65_535)] = 9443
    address: Annotated[str, StringConstraints(pattern=r"^[^\s:]+:[0-9]{1,5}$")] | None = None


@dataclass(frozen=True)
class Home:
    """Everything the station knows, by place. Objects are opened when first asked for."""

    root: Path

    @property
    def key_file(self) -> Path:
        return self.root / "keys" / "signing.json"

    @property
    def policy_file(self) -> Path:
        return self.root / "policy.toml"

    @cached_property
    def settings(self) -> Settings:
        try:
            return Settings.model_validate(tomllib.loads((self.root / "station.toml").read_text("utf-8")))
        except FileNotFoundError as error:
            raise Refused("home.not_initialised", path=str(self.root)) from error
        except ValidationError as error:
            raise Refused(*validation_reasons("home.settings_field", error)) from error
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise Refused("file.unreadable", path=str(self.root / "station.toml")) from error

    @property
    def organisation(self) -> str:
        return self.settings.organisation

    @cached_property
    def key(self) -> ECKey:
        """The signing key; refused when others on the machine can read it."""
        try:
            if self.key_file.stat().st_mode & PRIVATE:
                raise Refused("home.key_open", path=str(self.key_file))
            key = ECKey.import_key(json.loads(self.key_file.read_text("utf-8")))
            if not key.is_private:
                raise ValueError("a public key cannot sign")
        except FileNotFoundError as error:
            raise Refused("home.no_key", path=str(self.key_file)) from error
        except (OSError, ValueError, TypeError, JoseError):
            raise Refused("file.unreadable", path=str(self.key_file)) from None
        return key

    @cached_property
    def ledger(self) -> Ledger:
        self.settings  # noqa: B018 (a ledger only exists in a directory that was initialised)
        return Ledger(self.root / "station.db")

    @property
    def records(self) -> Records:
        return Records(self.root)

    @property
    def pins(self) -> Pins:
        return Pins(self.root / "pins.json")

    @property
    def policy(self) -> Policy:
        """Read anew each time: a steward's change counts from the next decision."""
        return read_policy(self.policy_file)

    @property
    def datasets(self) -> Registry:
        self.settings  # noqa: B018 (as the ledger)
        return Registry(self.root)


def initialise(root: Path, settings: Settings) -> Home:
    """Makes the directory with a fresh key; refuses one that already is a station. A key that is there is kept."""
    if (root / "station.toml").exists():
        raise Refused("home.exists", path=str(root))
    (root / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
    root.chmod(0o700)
    home = Home(root)
    if not home.key_file.exists():
        write_private(home.key_file, json.dumps(new_key().as_dict(private=True)))
    if not home.policy_file.exists():
        write_private(home.policy_file, DEFAULT)
    lines = (f"{name} = {json.dumps(value)}" for name, value in settings.model_dump(exclude_none=True).items())
    write_private(root / "station.toml", "\n".join(lines) + "\n")
    return home
