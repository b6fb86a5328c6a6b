"""A comparison in, one self-contained HTML page to read, print or mail out."""

from a2i_al.metrics.page.writing import page

__all__ = ["page"]
