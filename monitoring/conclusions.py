"""All that a conclusion's page holds, as one value: compared, carried along by the form, merged after a conflict."""

import json
from typing import NamedTuple


class Advice(NamedTuple):
    """One recommendation; without a pk it is new, without text it is to go."""

    pk: int | None
    text: str
    see_also: frozenset[int] = frozenset()


class Content(NamedTuple):
    """A conclusion's text, the cells it rests on, the aspects it points to (all by pk), its recommendations."""

    text: str = ""
    rests_on: frozenset[int] = frozenset()
    see_also: frozenset[int] = frozenset()
    recommendations: tuple[Advice, ...] = ()

    def says(self, other: "Content") -> bool:
        """Whether it asks for nothing that does not stand in the other one: a new recommendation may be there too."""
        pairs = zip(self.recommendations, other.recommendations, strict=False)
        standing = tuple(mine._replace(pk=mine.pk or there.pk) for mine, there in pairs)
        return len(self.recommendations) == len(standing) and self._replace(recommendations=standing) == other

    def as_text(self) -> str:
        """For a hidden field of the form that is filled in from it."""
        advice = [[row.pk, row.text, sorted(row.see_also)] for row in self.recommendations]
        return json.dumps([self.text, sorted(self.rests_on), sorted(self.see_also), advice], ensure_ascii=False)

    @classmethod
    def from_text(cls, value: str) -> "Content | None":
        """What `as_text` wrote; None for anything else."""
        try:
            text, cells, aspects, advice = json.loads(value)
            rows = tuple(Advice(int(pk), str(words), frozenset(map(int, links))) for pk, words, links in advice)
            return cls(str(text), frozenset(map(int, cells)), frozenset(map(int, aspects)), rows)
        except (ValueError, TypeError, OverflowError, RecursionError):
            return None


def merged(base: Content, mine: Content, theirs: Content) -> Content:
    """What two people made of `base`, with nothing of either lost; a text that both changed is mine."""
    return Content(
        mine.text if mine.text != base.text else theirs.text,
        both(base.rests_on, mine.rests_on, theirs.rests_on),
        both(base.see_also, mine.see_also, theirs.see_also),
        tuple(advice(base.recommendations, mine.recommendations, theirs.recommendations)),
    )


def both(base: frozenset, mine: frozenset, theirs: frozenset) -> frozenset:
    """What either added, without what either took away."""
    return (theirs - (base - mine)) | (mine - base)


def advice(base, mine, theirs):
    """My recommendations in my order, each with their changes, then those that only they have.

    One that the other took away goes, unless it was changed here; one that both wrote anew stands once.
    """
    known = {row.pk: row for row in base}
    standing = {row.pk: row for row in theirs}
    for row in mine:
        if row.pk is None:
            twin = next((n for n in standing.values() if n.pk not in known and n.text == row.text), None)
            row = row._replace(pk=twin.pk, see_also=row.see_also | twin.see_also) if twin else row
            standing.pop(row.pk, None)
            yield row
            continue
        old, new = known.get(row.pk, Advice(row.pk, "")), standing.pop(row.pk, None)
        if new is None:
            if row.text and row != old:
                yield row._replace(pk=None)
            continue
        rewritten = row.text != old.text and (row.text or new.text == old.text)
        yield Advice(row.pk, row.text if rewritten else new.text, both(old.see_also, row.see_also, new.see_also))
    yield from standing.values()
