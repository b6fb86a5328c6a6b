"""A batch: what came of one submission, and the verbs that a notebook needs of it."""

from a2i_al.batch.facade import Batch

__all__ = ["Batch"]
