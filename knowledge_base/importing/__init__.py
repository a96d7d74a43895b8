"""Bringing in what a shop has already: read, clean, compare, report, write; all of it or nothing.

A file's reader (``table``, ``json_lines``, ``markdown``, ``word``, ``page``) yields drafts. Each
becomes an entry, which every later step may change or find fault with: ``cleaning``, ``spam``,
``drafting``, ``duplicates``, ``contradictions``. ``importer`` is the order of the steps.
"""
