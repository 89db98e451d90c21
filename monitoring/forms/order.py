"""Rows that people put in order by numbers."""


def in_order(rows) -> list:
    """Things in the order of their numbers.

    `rows` are (thing, number before, number wanted) as they stand on the page; None is no number and goes to the end.
    A number that is wanted twice goes to the thing that was moved up to it, and before the one that was moved down.
    """

    def place(row):
        _thing, before, wanted = row
        if wanted is None:
            return (1, 0, 0)
        moved = 0 if before == wanted else -1 if before is None or wanted < before else 1
        return (0, wanted, moved)

    return [thing for thing, _before, _wanted in sorted(rows, key=place)]
