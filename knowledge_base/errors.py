"""What can go wrong in the knowledge base; raised below, shown by ``__main__`` and ``serve``.

KnowledgeError
├── ArticleError       an article file cannot be read; names file and line
├── VariantsError      a file of question variants cannot be read; names file and line
├── ExamplesError      a file of training examples cannot be read
├── ImportRefused      a file to import has bad rows (importing/report.py)
├── ExportRefused      a folder for the help centre's pages cannot be written to
├── EncoderError       the encoder cannot be loaded
├── IndexMissing       nothing has been built yet, or what was built is damaged
├── GapsError          a gap, or what is to be made of it, does not exist or exists already
├── JournalError       the journal of questions cannot be read or written
└── QuestionsError     an evaluation file cannot be read; names file and line
"""

from __future__ import annotations

from pathlib import Path


class KnowledgeError(Exception):
    """Root of everything this package raises on purpose."""


class ArticleError(KnowledgeError):
    """An article that cannot be used: ``file:line: reason``."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


class VariantsError(KnowledgeError):
    """A file of question variants that cannot be used: ``file:line: reason``."""


class ExamplesError(KnowledgeError):
    """A file of training examples that is not readable YAML: ``file:line: reason``."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")


class ExportRefused(KnowledgeError):
    """A folder that the help centre's pages cannot be written to, or that holds other files."""


class EncoderError(KnowledgeError):
    """The encoder named in the settings cannot be loaded."""


class IndexMissing(KnowledgeError):
    """There is no usable index; ``python -m knowledge_base build`` makes one."""


class GapsError(KnowledgeError):
    """A gap that is not there, or a file or article that stands in the way of closing it."""


class JournalError(KnowledgeError):
    """The journal of questions cannot be read or written right now."""


class QuestionsError(KnowledgeError):
    """An evaluation file with a row that cannot be used: ``file:line: reason``."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
