"""The command line: ``python -m leitmotif`` and the command ``leitmotif``."""

from __future__ import annotations

import signal
import sys

from leitmotif import _native


def main() -> int:
    """Runs the command on the arguments of this process; returns its exit code.

    0: done; 1: done with warnings; 2: failed.
    """
    # Ctrl-C ends the command, as it ends every other one.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _native.run_command(["leitmotif", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
