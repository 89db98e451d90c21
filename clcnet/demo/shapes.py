"""The shapes of the demo's data. All are frozen, so that a loader cannot change the demo by accident."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Text:
    """One text in the network's three languages."""

    en: str
    ru: str
    kk: str


@dataclass(frozen=True)
class PlacedIn:
    """A unit's parent from `since` up to, but not including, `until`; None means always or still."""

    parent: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Unit:
    """An administrative unit. `kato` is today's code; empty where we do not know it for certain."""

    code: str
    level: str  # oblast, raion, rural_district, settlement, city
    name: Text
    placed_in: tuple[PlacedIn, ...] = ()
    kato: str = ""
    kato_before_2022: str = ""  # where the code changed when Zhetisu oblast was formed
    exists_since: date | None = None  # None: since before the network


@dataclass(frozen=True)
class Person:
    """An invented person in a post, from `since` up to, but not including, `until` (None: still in it)."""

    name: str  # as printed in English
    name_cyrillic: str
    since: date
    until: date | None = None


@dataclass(frozen=True)
class Centre:
    """A centre of the register. Days of opening, addresses and contacts are invented."""

    code: str
    name: Text
    kind: str  # city, raion_centre, remote_village, school
    unit: str  # code of the settlement or city
    host_kind: str  # akimat, library, labour_department, childrens_club, vet_school
    host: Text
    opened: date
    legal_status: str  # registered, none; empty where the source does not say
    aliases: tuple[str, ...]  # spellings met in tables and letters, beside the names in the three languages
    address: str
    post_code: str
    phone: str
    email: str
    language: str  # of the facilitator's demo account
    heads: tuple[Person, ...]
    facilitators: tuple[Person, ...]  # the last one is in post
    chairs: tuple[Person, ...]  # of the committee


@dataclass(frozen=True)
class Organisation:
    """A project's funder, implementer or partner."""

    name: Text
    role: str  # funder, implementer, partner


@dataclass(frozen=True)
class Project:
    """A donor-financed undertaking. Only its years are known: it starts on 1 January and ends on 31 December."""

    code: str
    name: Text
    organisations: tuple[Organisation, ...]
    start: date
    end: date
    goals: Text
    expected_results: tuple[Text, ...]
    centres: tuple[str, ...]


@dataclass(frozen=True)
class Network:
    """One association's family of centres."""

    code: str
    name: Text
    short_name: Text


@dataclass(frozen=True)
class Account:
    """A demo login. A facilitator has a centre, a donor a project; the others serve the whole network."""

    username: str
    name: str
    name_cyrillic: str
    language: str
    role: str  # coordinator, expert, facilitator, donor
    since: date
    centre: str = ""
    project: str = ""

    @property
    def signature(self):
        """Given and family name, as its owner writes them."""
        given, *_patronymic, family = (self.name if self.language == "en" else self.name_cyrillic).split()
        return f"{given} {family}"

    @property
    def email(self):
        """An address that can never be delivered to (RFC 2606)."""
        return f"{self.username}@demo.example"


@dataclass(frozen=True)
class Aspect:
    """A row of the matrix."""

    number: int
    key: str
    title: Text
    guidance: Text


@dataclass(frozen=True)
class Cycle:
    """A monitoring round: the period it covers and the days of the visits, both inclusive."""

    code: str
    title: Text
    period_start: date
    period_end: date
    visits_start: date
    visits_end: date
    methods: Text
    sources: Text


@dataclass(frozen=True)
class Cell:
    """What the experts found for one aspect at one centre."""

    level: str  # strong, partly, weak, not_assessed
    finding: str
    perspective: str = ""


@dataclass(frozen=True)
class Recommendation:
    """What follows from a conclusion; `see_also` are numbers of aspects."""

    text: str
    see_also: tuple[int, ...] = ()


@dataclass(frozen=True)
class Conclusion:
    """One text over all centres; `rests_on` are the centres whose cells of the same aspect it follows from."""

    text: str
    rests_on: tuple[str, ...]
    recommendations: tuple[Recommendation, ...] = ()
    see_also: tuple[int, ...] = ()


@dataclass(frozen=True)
class Comment:
    """A remark on one cell; authors are usernames. A reply carries neither replies nor a resolution."""

    author: str
    text: str
    replies: tuple["Comment", ...] = ()
    resolved_by: str = ""


@dataclass(frozen=True)
class Programme:
    """A template of the network, or a centre's own programme."""

    key: str
    title: Text
    area: str  # education, quality_of_life, human_resources, economy
    kind: str  # continuing, equivalency, quality_of_life, income, future
    field: str  # ISCED-F 2013
    hours: int | None  # academic hours; None: unfinished, nobody knows
    centre: str = ""  # empty: a template
    level: str = "beginners"
    adapted_from: str = ""  # key of a template
    adapted_on: date | None = None
    after_study: bool = False  # adapted after the centre's latest needs study before that day


@dataclass(frozen=True)
class Trainer:
    """An invented trainer of a centre."""

    key: str  # unique at the centre
    name: str
    qualification: str  # school, vocational, specialist, business, medical, association
    paid_by: str  # centre, akimat, employment_centre, project, volunteer
    languages: tuple[str, ...]
    since: date
    seminars: tuple[int, ...] = ()  # numbers of `seminars`
    is_certified: bool | None = None
    account: str = ""  # the username, where this is the facilitator too


@dataclass(frozen=True)
class Run:
    """One group: who is new at the centre in this half-year, who was in an earlier group of it, who leaves early."""

    start: date
    new: int
    again: int = 0
    left: int = 0
    until: date | None = None  # otherwise as many lessons as the programme's hours take


def runs(text: str) -> tuple[Run, ...]:
    """Runs written as "05-01-10 12+2-1": the first day, who is new, who comes again, who leaves early."""
    made = []
    for line in text.strip().split(","):
        day, people = line.split()
        people, _minus, left = people.partition("-")
        new, _plus, again = people.partition("+")
        made.append(Run(date.fromisoformat(f"20{day}"), int(new), int(again or 0), int(left or 0)))
    return tuple(made)


@dataclass(frozen=True)
class Course:
    """Groups of one programme at one centre that are alike. Their time of day is found by the loader."""

    centre: str
    programme: str
    name: str  # with {n}, the number of the run, where there are several
    runs: tuple[Run, ...]
    trainers: tuple[str, ...]
    of: tuple[str, ...]  # keys of target groups that its people belong to
    born: tuple[int, int]
    days: tuple[int, ...] = ()  # of the week, 1 is Monday; empty: it is over in a day
    hours: int = 2  # academic hours of one lesson
    women: float = 0.6  # of its people, about
    room: str = ""
    is_regular: bool = True  # has a weekly timetable


@dataclass(frozen=True)
class Told:
    """An open day of a centre, of which only totals are known."""

    centre: str
    programme: str
    name: str
    day: date
    women: int
    men: int


@dataclass(frozen=True)
class Seminar:
    """An event for the staff of centres (§5)."""

    number: int
    title: Text
    start: date
    end: date
    place: Text
    form: Text
    objectives: Text
    outcomes: Text
    project: str = ""  # code of a project of the demo; empty: held within another one


@dataclass(frozen=True)
class Device:
    """Pieces of one kind that a centre has; `since` and `fault` where some do not work."""

    kind: str
    name: str
    quantity: int
    working: int
    acquired: date
    since: date | None = None
    fault: str = ""


@dataclass(frozen=True)
class Partner:
    """An organisation that a centre works with."""

    name: str
    kind: str  # akimat, school, business, ngo, labour_office, media, international, other
    agreement: str = "oral"  # oral, written
    gives: str = ""


@dataclass(frozen=True)
class Meeting:
    """A meeting of a committee with its minutes, and decisions as (text, who, by when, done on)."""

    day: date
    agenda: str
    present: int
    minutes: str
    decisions: tuple[tuple[str, str, date, date], ...] = ()


@dataclass(frozen=True)
class Committee:
    """Members but the chair as (name, role, organisation) since a day, until another one where it fell apart."""

    members: tuple[tuple[str, str, str], ...] = ()
    since: date | None = None
    until: date | None = None
    meetings: tuple[Meeting, ...] = ()


@dataclass(frozen=True)
class Study:
    """A study of what the people around a centre need."""

    first: date
    last: date
    methods: str
    asked: int | None
    needs: str
    results: str


@dataclass(frozen=True)
class Reply:
    """A centre's answer to one question; `why` explains what differs from the data."""

    value: dict
    why: str = ""


@dataclass(frozen=True)
class SelfAssessment:
    """What a centre says of itself: `replies` by the question's code.

    Where the data have something to say and the centre wrote nothing else, it took that over, except for the questions
    that are `left_open`. `told_by` names who told a coordinator what to write.
    """

    language: str
    replies: dict[str, Reply]
    left_open: tuple[str, ...] = ()
    told_by: str = ""
