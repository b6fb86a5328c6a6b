"""The version that is installed, as the package's own metadata has it."""

from importlib.metadata import version

__version__ = version("a2i-al")
