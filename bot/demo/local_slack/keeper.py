"""Runs one program and ends it when the standard input closes, which is when the parent is gone:
however the demo ends, even by SIGKILL, no local Slack is left behind.
"""

import contextlib
import os
import subprocess
import sys
import threading


def main(command: list[str]) -> int:
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - Our own command.
    threading.Thread(target=_end_with_parent, args=(child,), daemon=True).start()
    return child.wait()


def _end_with_parent(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        sys.stdin.buffer.read()
    child.terminate()
    try:
        child.wait(timeout=3)
    except subprocess.TimeoutExpired:
        child.kill()


if __name__ == "__main__":
    # At once: the thread still reads, which an orderly exit of Python would stumble over.
    os._exit(main(sys.argv[1:]))
