"""What passes by itself and is tried again: a share that is busy, a lock that another program holds. Nothing else is.

``answered`` is for one look at a file, in seconds; ``patiently`` for a whole run, in minutes.
"""

import errno
import time
from collections.abc import Callable
from typing import TypeVar

from models.errors import BusyError

# Busy, stale after the server's restart, not answering, out of locks or memory for now.
PASSING = frozenset(
    {
        errno.EAGAIN, errno.EBUSY, errno.EINTR, errno.EDEADLK, errno.ENOLCK, errno.ENOBUFS, errno.ESTALE,
        errno.ETIMEDOUT, errno.ENETDOWN, errno.ENETUNREACH, errno.ENETRESET, errno.EHOSTDOWN, errno.EHOSTUNREACH,
        errno.ECONNRESET, errno.ECONNREFUSED, errno.ENOTCONN,
    }
)  # fmt: skip
FILE_PAUSES = (0.1, 0.4, 1.0)
RUN_PAUSES = (10.0, 30.0, 90.0)
Result = TypeVar("Result")


def passes(error: OSError) -> bool:
    """Tell whether an error of the system may be gone at the next try."""
    return error.errno in PASSING


def answered(
    action: Callable[[], Result],
    pauses: tuple[float, ...] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Result:
    """Return what ``action`` returns, tried again after each pause while the system's error may pass.

    Raises the last ``OSError``, and one that does not pass at once. ``pauses`` are ``FILE_PAUSES`` when none are given.
    """
    for pause in FILE_PAUSES if pauses is None else pauses:
        try:
            return action()
        except OSError as error:
            if not passes(error):
                raise
            sleep(pause)
    return action()


def patiently(
    action: Callable[[], Result],
    say: Callable[[str], None],
    pauses: tuple[float, ...] = RUN_PAUSES,
    sleep: Callable[[float], None] = time.sleep,
) -> Result:
    """Return what ``action`` returns, tried again after each pause when it raises ``BusyError``; raises the last one.

    ``say`` is called with a sentence before each pause.
    """
    for pause in pauses:
        try:
            return action()
        except BusyError as error:
            say(f"{error}; trying again in {pause:.0f} s")
            sleep(pause)
    return action()
