"""Rows that people put in order by numbers."""


def in_order(rows) -> list:
    """Things in the order of their numbers.

    `rows` are (thing, number before, number wanted) as they stand on the page. A thing with a new number gets that
    place, the others close up around it; of two that want the same place the first comes first. None is no number and
    comes last.
    """
    stay = sorted((row for row in rows if row[2] is not None and row[1] == row[2]), key=lambda row: row[2])
    move = sorted((row for row in rows if row[2] is not None and row[1] != row[2]), key=lambda row: row[2])
    ordered, place = [thing for thing, _before, _wanted in stay], 0
    for thing, _before, wanted in move:
        place = max(place + 1, wanted)
        ordered.insert(place - 1, thing)
    return ordered + [thing for thing, _before, wanted in rows if wanted is None]
