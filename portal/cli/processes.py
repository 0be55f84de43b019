"""Child processes that never outlive this one, and a lock that says who is running here."""

import ctypes
import fcntl
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class AlreadyRunningError(Exception):
    """Another process holds the lock; the message is a sentence for the person at the keyboard."""


def die_with_parent(how: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """Give what a child does between fork and exec so that the end of this process ends it, by the signal `how`.

    Linux only: elsewhere it does nothing, and only an orderly end stops the children.
    """
    parent = os.getpid()

    def ask() -> None:
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, int(how), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


@contextmanager
def only_one(file: Path, sentence: str) -> Iterator[None]:
    """Hold a lock file for the length of a block; raises AlreadyRunningError when it is held.

    The kernel lets go of the lock when the holder ends, however it ends.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            holder = lock.read().strip()
            raise AlreadyRunningError(f"{sentence} (process {holder})" if holder else sentence) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)
