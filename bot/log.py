"""The gateway's log on stderr: one line per event, personal data masked, tracebacks included."""

import logging

from bot.conversation.masking import mask

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class MaskingHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes records with personal data masked, whatever their formatter puts together."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's text, its exception and stack as well, masked."""
        return mask(super().format(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Tells where a record could not be written; what logging itself prints quotes it."""
        try:
            where = f"{record.pathname}:{record.lineno}"
            self.stream.write(f"log_failed logger={record.name} at={where}\n")
            self.flush()
        except (OSError, ValueError):
            # The stream is closed; nobody is left to tell.
            return


def log_to_stderr() -> None:
    """Send all records of this process from INFO on to stderr."""
    logging.basicConfig(level=logging.INFO, format=_FORMAT, handlers=[MaskingHandler()])
    # httpx logs whole addresses; they are ours, but nobody needs a line per turn.
    logging.getLogger("httpx").setLevel(logging.WARNING)
