"""What may never be in the repository: addresses of package registries, and paths of the machine it was built on."""

import json
import re
import subprocess

import pytest

from bin.machine.paths import ROOT

LOCKS = sorted(ROOT.glob("requirements*.txt"))
REGISTRIES = ("." + "npmjs." + "org", "pypi" + ".org", "python" + "hosted.org", "npm" + "mirror")
BUILD_PATHS = re.compile(
    rb"(?<![\w.])/(?:" + b"|".join([b"wo" + b"rk/(?:main|shared)", b"ro" + b"ot/", b"op" + b"t/py"]) + b")"
)


def tracked() -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_a_version_and_hashes_and_no_host(lock):
    text = lock.read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all(re.match(r"[a-z0-9._-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)
    assert "://" not in text and "file:" not in text


def test_the_npm_lock_has_digests_and_no_addresses():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert not [name for name, entry in packages.items() if name and "integrity" not in entry]


def test_no_tracked_file_names_a_registry_or_a_path_of_the_building_machine():
    found = {}
    for name in tracked():
        content = (ROOT / name).read_bytes()
        words = [word for word in REGISTRIES if word.encode() in content]
        words += [match.decode() for match in BUILD_PATHS.findall(content)]
        if words:
            found[name] = words
    assert not found


def test_nothing_made_by_set_up_is_tracked():
    made = (".venv/", "node_modules/", "var/", "static/vendor/", "staticfiles/")
    assert not [name for name in tracked() if name.startswith(made) or name.endswith(".mo")]
