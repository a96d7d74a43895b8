"""The decision table for shop staff, made by asking the engine about a case for every rule."""

from shop.rights.table.document import document, sections

__all__ = ["document", "sections"]
