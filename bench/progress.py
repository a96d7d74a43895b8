"""Lines that tell how far a measurement is."""

import time


class Progress:
    """Prints lines with the time since the beginning in front."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    def __call__(self, line: str) -> None:
        """Tell one line at once."""
        minutes, seconds = divmod(int(self.seconds), 60)
        print(f"  {minutes:2d}:{seconds:02d}  {line}", flush=True)
