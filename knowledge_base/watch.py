"""Watch mode for those who write: what is saved is built at once and told in a line or two."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Iterable

from knowledge_base.build import ensure_built
from knowledge_base.errors import KnowledgeError
from knowledge_base.settings import Settings
from knowledge_base.store import current_digest

Say = Callable[[str], None]

# Editors save in several steps, and people several files: build when it has been quiet for so long,
# but do not wait for ever on a folder that something writes to without a pause.
QUIET_MS = 1000
MOST_MS = 30_000


def watch(settings: Settings, *, say: Say) -> None:
    """Build now and whenever something was saved, until Ctrl-C.

    What cannot be built is told with its file and line; the index in use goes on. Raises
    KnowledgeError when there is no folder to watch.
    """
    from watchfiles import watch as changes_in

    folders = [
        folder
        for folder in (settings.articles_dir, settings.variants_dir, settings.examples_dir)
        if folder.is_dir()
    ]
    if not folders:
        raise KnowledgeError(f"nothing to watch: there is no folder {settings.articles_dir}")
    try:
        is_first = True
        for changes in changes_in(
            *folders,
            watch_filter=lambda _, path: Path(path).suffix in (".md", ".yml"),
            step=QUIET_MS,
            debounce=MOST_MS,
            # The first round comes without changes and builds while they are collected already.
            rust_timeout=QUIET_MS,
            yield_on_timeout=True,
        ):
            if changes:
                say(f"saved: {_named(changes)}")
            if changes or is_first:
                _build(settings, say)
            if is_first:
                say("watching for changes, Ctrl-C ends it")
            is_first = False
    except KeyboardInterrupt:
        say("no longer watching")


def _named(changes: Iterable[tuple[object, str]]) -> str:
    names = sorted({Path(path).name for _, path in changes})
    return ", ".join(names[:3]) + f" and {len(names) - 3} more" * (len(names) > 3)


def _build(settings: Settings, say: Say) -> None:
    """Build and tell in one line what came of it."""
    before = current_digest(settings.index_root)
    told: list[str] = []
    try:
        now = ensure_built(settings, say=told.append)
    except KnowledgeError as error:
        say(f"error: {error}{f' ({before} goes on answering)' * bool(before)}")
    except OSError as error:
        # A file that went away while it was read; the next save says so too.
        say(f"error: {error}")
    else:
        say(told[-1] if now == before else f"knowledge base {now} is in use: {told[0][4:]}")
