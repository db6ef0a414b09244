"""Passwords of encrypted files, from a file with one a line."""

from pathlib import Path

from models.errors import PescoError


def read_passwords(path: Path | None) -> tuple[tuple[str, ...], str | None]:
    """Return the passwords in a file, one a line, and a mark that changes when the file does; raises ``PescoError``."""
    if path is None:
        return (), None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        status = path.stat()
    except (OSError, UnicodeDecodeError) as error:
        raise PescoError(f"the password file {path} cannot be read: {error}") from error
    return tuple(dict.fromkeys(line for line in lines if line)), f"{status.st_size}-{status.st_mtime_ns}"
