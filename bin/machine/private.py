"""Private places for PostgreSQL and Valkey: an account that may run them, directories and sockets only it can enter."""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bin.machine.say import Trouble

SOCKETS = Path(tempfile.gettempdir())  # short: a socket's path holds at most 107 characters
OUTSIDE = Path("/var/tmp")  # noqa: S108  what is made there is checked to be ours; it outlives a restart


@dataclass(frozen=True)
class Account:
    """Who runs the servers. PostgreSQL refuses root, so root runs them as `nobody`; others as themselves."""

    uid: int
    gid: int
    switched: bool

    @classmethod
    def own(cls) -> "Account":
        if os.geteuid():
            return cls(os.geteuid(), os.getegid(), False)
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid, True)

    def reaches(self, path: Path) -> bool:
        """Whether every directory above an existing path may be passed by this account."""
        if not self.switched:
            return True
        return all(stat.S_IMODE(parent.stat().st_mode) & stat.S_IXOTH for parent in [path, *path.parents])

    def directory(self, path: Path) -> Path:
        """path as a directory of this account alone (mode 0700); refuses one that somebody else laid there."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (self.uid, os.geteuid()):
            raise Trouble(f"{path} belongs to somebody else. Remove it and start again.")
        if self.switched:
            os.chown(path, self.uid, self.gid)
        path.chmod(0o700)
        return path

    @property
    def switch(self) -> tuple[int, int] | None:
        """User and group to change to, when they are not ours already."""
        return (self.uid, self.gid) if self.switched else None


def name_of(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:10]


def sockets(instance: Path, account: Account) -> Path:
    return account.directory(SOCKETS / f"nicpet-{os.geteuid()}-{name_of(instance)}")


def home(instance: Path, account: Account) -> Path:
    """Where the servers keep their data: in the instance, or outside a home that their account cannot enter."""
    return instance if account.reaches(instance) else _outside(instance)


def binaries(base: Path, parts: list[str], probe: Path, account: Account) -> Path:
    """The directory that holds `parts` (wheels find their libraries beside them): base when the account can run
    `probe` there, else a copy of the parts that it can."""
    if account.reaches(probe):
        return base
    version = probe.stat()
    copy = _outside(base) / f"binaries-{version.st_size}-{int(version.st_mtime)}"
    if not copy.exists():
        unfinished = copy.with_name(f"unfinished-{os.getpid()}")
        for part in parts:
            shutil.copytree(base / part, unfinished / part, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        unfinished.rename(copy)
    return copy


def _outside(path: Path) -> Path:
    """A directory of root that others may pass through but not list."""
    outside = OUTSIDE / f"nicpet-{name_of(path)}"
    outside.mkdir(exist_ok=True)
    if outside.lstat().st_uid != os.geteuid() or outside.is_symlink():
        raise Trouble(f"{outside} belongs to somebody else. Remove it and start again.")
    outside.chmod(0o711)
    return outside


def forget(instance: Path) -> None:
    """Throws away what the instance keeps elsewhere: sockets and data."""
    for path in (SOCKETS / f"nicpet-{os.geteuid()}-{name_of(instance)}", OUTSIDE / f"nicpet-{name_of(instance)}"):
        shutil.rmtree(path, ignore_errors=True)
