"""What is wrong with the files, and what is worth knowing: kept up to a bound, counted beyond."""

from dataclasses import dataclass, field

SHOWN = 50


@dataclass(frozen=True)
class Finding:
    """One thing and where it is. ``line`` is the physical line on which the row begins."""

    file: str
    text: str
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """Write it as one line: file, line, column, and what is the matter."""
        line = f", line {self.line}" if self.line else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{line}{column}: {self.text}"


@dataclass
class Findings:
    """Errors, which stop an import, and warnings and notes, which do not."""

    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error_count: int = 0
    warning_count: int = 0
    files_with_errors: set[str] = field(default_factory=set)

    def error(
        self, file: str, text: str, *, line: int | None = None, column: str | None = None
    ) -> None:
        """Add an error; beyond the first fifty only their number grows."""
        self.error_count += 1
        self.files_with_errors.add(file)
        if len(self.errors) < SHOWN:
            self.errors.append(Finding(file, text, line, column))

    def warning(self, file: str, text: str, *, line: int | None = None) -> None:
        """Add something odd that may be right all the same; bounded like errors."""
        self.warning_count += 1
        if len(self.warnings) < SHOWN:
            self.warnings.append(Finding(file, text, line))

    def count_more(self, *, errors: int = 0, warnings: int = 0) -> None:
        """Count what was found but not looked at one by one."""
        self.error_count += errors
        self.warning_count += warnings

    def note(self, text: str) -> None:
        """Add something worth knowing that is nobody's fault."""
        self.notes.append(text)
