"""The files and their columns as Markdown: the second half of ``docs/import.md``."""

from shop.importing.columns import FileColumn, FileFormat, choices, file_formats

_HEAD = "| column | also | value | meaning |\n|---|---|---|---|\n"
_KINDS = {
    "text": "text",
    "id": "text of up to 64 characters",
    "order_number": "order number",
    "phone": "phone number",
    "money": "yuan, such as 899.00",
    "count": "whole number",
    "quantity": "whole number from 1 on",
    "line_id": "whole number from 1 on",
    "integer": "whole number, may be negative",
    "day": "day",
    "moment": "time",
    "flag": "yes or no",
    "list": "texts with \\| between them",
    "line_ids": "whole numbers with \\| between them",
    "facts": "key=value with \\| between them",
}


def columns_manual() -> str:
    """Write a section for each file and one for the words of the choices."""
    return "\n".join([*map(_file, file_formats()), _choices()])


def _file(file_format: FileFormat) -> str:
    also = ", ".join(file_format.aliases)
    rows = "".join(map(_row, file_format.columns))
    name = file_format.name
    return f"## {name}\n\nFile: `{name}.csv`, also {also}. {_key(file_format)}\n\n{_HEAD}{rows}"


def _key(file_format: FileFormat) -> str:
    if file_format.belongs_to:
        return f"All rows of one `{file_format.belongs_to}` come together."
    return f"Key: {', '.join(f'`{name}`' for name in file_format.key)}."


def _row(column: FileColumn) -> str:
    value = _KINDS.get(column.kind, f"[{column.kind}](#words)")
    if column.required:
        value += ", required" + (" in one language" if column.part else "")
    meaning = column.says.replace("|", "\\|")
    if column.part:
        meaning += f" ({ {'zh': 'Chinese', 'en': 'English'}[column.part] })"
    if column.references:
        meaning += f"; must be in {column.references[0]}"
    elif column.default not in (None, "", [], 0, False):
        meaning += f"; {column.default} when empty"
    return f"| `{column.name}` | {', '.join(column.aliases)} | {value} | {meaning} |\n"


def _choices() -> str:
    lines = ["## Words\n", "| kind | value | also |", "|---|---|---|"]
    for kind, words in choices().items():
        for value in dict.fromkeys(words.values()):
            also = ", ".join(
                word for word, meant in words.items() if meant == value and word != value.lower()
            )
            lines.append(f"| {kind} | `{value}` | {also} |")
    return "\n".join(lines) + "\n"
