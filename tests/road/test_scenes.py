"""The whole road on a platform of its own: real web, worker, beat, doorbell and three stations; and what goes wrong."""

import pytest

from bin.machine import ports
from bin.machine.instance import Instance
from bin.machine.paths import PYTHON, VAR
from bin.machine.platform import Platform


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    name = tmp_path_factory.mktemp("road").name
    web, doorbell = ports.any_free(), ports.any_free()
    instance = Instance(VAR / f"scenes-{name}-{web}", web, doorbell, durable=False, outer_servers=False)
    platform = Platform(instance, restart=True)
    try:
        platform.start()
        play(platform, "set_up")
        yield platform
    finally:
        platform.stop()
    instance.erase()
    instance.directory.rmdir()


def play(platform, scene):
    """Plays one scene while somebody watches over the programs; its own words are on standard error."""
    platform.crashes.clear()
    code = platform.foreground([PYTHON, "-m", "tests.road.scenes", scene])
    assert code == 0, f"scene {scene} failed; see above, and the logs in {platform.instance.logs}"


PLAYED = ["released", "withheld", "engine_killed", "station_killed", "cancelled", "refused", "file_gone", "attacker"]


@pytest.mark.parametrize("scene", PLAYED)
def test_scene(platform, scene):
    play(platform, scene)


@pytest.mark.slow
@pytest.mark.parametrize("scene", ["station_silent", "worker_killed"])
def test_slow_scene(platform, scene):
    play(platform, scene)


def test_last_scene(platform):
    """Ends the contract, so nothing can be played after it."""
    play(platform, "revoked")
