"""Answers with parts in, one answer per item out: several labels, numbers, texts, and marks on pictures and texts.

Each method sees one item's answers at a time and returns a `Decision`; the table around it is made in `deciding`.
"""
