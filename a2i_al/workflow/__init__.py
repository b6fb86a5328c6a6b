"""The facade: one flow definition, on the embedded A2I or the real one, and the verbs that a notebook needs of it."""

from a2i_al.workflow.facade import Workflow

__all__ = ["Workflow"]
