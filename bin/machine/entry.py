"""How every command in bin/ starts and ends: old Pythons, troubles and Ctrl-C get a sentence, never a traceback."""

import signal
import sys
from collections.abc import Callable
from types import FrameType

from bin.machine.say import Trouble, warn


def _ask_to_stop(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def enter(main: Callable[[list[str]], int]) -> None:
    """Runs main(arguments) and exits with its code. Ctrl-C, SIGTERM and a closed terminal all stop in good order,
    also where a shell started us in the background and told us to ignore Ctrl-C."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _ask_to_stop)
    try:
        code = main(sys.argv[1:])
    except Trouble as trouble:
        warn(f"{trouble}")
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
