"""Saved results: one file each, written whole, and looked at from end to end before a figure of it is used.

``container.py`` is the file: members, limits and hash. ``contents.py`` is what its JSON says, ``texts.py`` the
messages in it. ``write.py`` and
``read.py`` turn a result into these and back. ``docs/saved-results.md`` describes the format for others.
"""
