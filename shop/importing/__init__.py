"""A shop's own data from files: everything or nothing, with errors by file, line and column.

Beside the way of a message: ``python -m shop import DIR``. Rows are read in a stream
(``reader``), turned into values (``values``), staged in temporary tables (``staging``), checked
there as a whole (``checks``) and then written in one transaction (``folder``). What the files
look like is in ``columns.yml``.
"""

from shop.importing.findings import Findings
from shop.importing.folder import Options, Report, import_folder

__all__ = ["Findings", "Options", "Report", "import_folder"]
