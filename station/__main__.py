"""``python -m station --home DIR COMMAND``."""

import sys

from station.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
