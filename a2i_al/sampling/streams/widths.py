"""How many classes and features each chunk has in, an error out where they are not as many as before."""

from __future__ import annotations

from a2i_al.errors import InvalidTable


class Widths:
    """The number of columns of each input, settled by the first that has some.

    Examples
    --------
    >>> widths = Widths({"features": (3, "labelled_features")})
    >>> widths.hold("features", 2, "chunk 0")
    Traceback (most recent call last):
    ...
    a2i_al.errors.InvalidTable: chunk 0 has 2 features, labelled_features has 3. Expected: as many in each.
    """

    def __init__(self, known: dict[str, tuple[int, str]] | None = None) -> None:
        self._known = dict(known or {})

    def hold(self, what: str, width: int, where: str) -> None:
        """Settle how many there are, or hold these against it.

        Raises
        ------
        InvalidTable
            If there are more or fewer.
        """
        first, there = self._known.setdefault(what, (width, where))
        if width != first:
            raise InvalidTable(f"{where} has {width} {what}, {there} has {first}", expected="as many in each")
