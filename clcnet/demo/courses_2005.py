"""The groups of July 2004 to June 2005, at Karaganda from September 2004: who learnt what, where and when.

The people add up to the report's figures (§6.5, rows 5 and 9). "2005" is January to June there, and a person counts
once who was in some group in that time; Karaganda's count begins with its opening. `COUNTED` says so in days. All
other groups of 2004 end in 2004, so that they do not count. On the days of the visits six sewing groups with 31
people were at work in three centres; the sewing groups of the others had ended in spring.

A group of one day is a seminar or a talk, to which many come.
"""

from datetime import date

from .courses_towns import KARABULAK, KARAGANDA, TARAZ
from .shapes import Course, Run, Told, runs

VISITS = date(2005, 6, 20)  # a day of the visits, on which row 5 was seen
HALF = (date(2005, 1, 1), date(2005, 6, 30))
COUNTED = {
    "sortobe": HALF,
    "nogaibai": HALF,
    "kordai": HALF,
    "karabulak": HALF,
    "amanbokter": HALF,
    "taraz": HALF,
    "karaganda": (date(2004, 9, 1), date(2005, 6, 30)),
}

WEEK = (1, 2, 3, 4, 5)
EVERY_DAY = (1, 2, 3, 4, 5, 6)
HOUSE = ("rural-households",)
YOUTH = ("unemployed-youth",)


SORTOBE = (
    Course(
        "sortobe",
        "computer",
        "Компьютер, группа {n}",
        runs(
            "04-09-13 11-2, 04-09-14 11-1, 04-10-26 11, 05-01-10 12-1, 05-01-11 11-1,"
            " 05-02-21 12+1, 05-02-22 10-2,"
            "05-04-04 12+1-1, 05-04-05 11, 05-05-10 12-1, 05-05-11 10-1"
        ),
        ("school",),
        ("school-pupils", "unemployed-youth", "farmers"),
        (1960, 1989),
        (1, 3, 5),
        room="Читальный зал",
    ),
    Course(
        "sortobe",
        "sewing",
        "Шитьё",
        runs("05-01-24 14-3"),
        ("vet",),
        ("rural-households", "many-children", "single-women"),
        (1962, 1985),
        WEEK,
        4,
        1.0,
        "Швейная мастерская",
    ),
    Course(
        "sortobe",
        "entrepreneurship",
        "Своё дело: семинар {n}",
        runs("04-11-12 40, 05-01-28 58, 05-02-25 61, 05-03-18 62, 05-04-15 59"),
        ("business",),
        ("rural-households", "farmers", "single-women"),
        (1955, 1984),
        hours=8,
        women=0.7,
    ),
    Course(
        "sortobe",
        "life-skills",
        "Здоровье и навыки: беседа {n}",
        runs(
            "04-10-08 60, 04-12-03 60, 05-01-21 88+10, 05-02-04 90, 05-02-18 87, 05-03-04 92+12,"
            " 05-03-25 85, 05-04-08 90,"
            "05-04-22 88+15, 05-05-13 91, 05-05-27 86, 05-06-10 89+20"
        ),
        ("doctor", "facilitator"),
        ("rural-households", "farmers", "elderly", "many-children", "unemployed"),
        (1938, 1984),
        hours=4,
        women=0.62,
    ),
    Course(
        "sortobe",
        "flowers",
        "Цветы в доме, {n}",
        runs("05-02-12 45, 05-02-26 44, 05-03-12 46, 05-03-26 45, 05-04-09 45, 05-04-23 45"),
        ("grower",),
        HOUSE,
        (1945, 1982),
        hours=4,
        women=0.97,
    ),
)

NOGAIBAI = (
    Course(
        "nogaibai",
        "sewing",
        "Тігін",
        (Run(date(2005, 4, 4), 4, until=date(2005, 6, 30)),),
        ("master",),
        HOUSE,
        (1968, 1985),
        WEEK,
        4,
        1.0,
        "Тігін бөлмесі",
    ),
    Course(
        "nogaibai",
        "computer",
        "Компьютер, {n}-топ",
        runs("04-10-05 8-2, 05-01-18 8-2, 05-02-15 8+1-1, 05-04-26 8-3"),
        ("school",),
        ("school-pupils", "vocational-students"),
        (1980, 1989),
        (2, 6),
        is_regular=False,
    ),
    Course(
        "nogaibai", "hairdressing", "Шаштараз", runs("05-02-07 10-2"), ("master",), HOUSE, (1970, 1986), (1, 3), 4, 0.9
    ),
    Course(
        "nogaibai",
        "games",
        "Балдырған, {n}-топ",
        runs("04-10-09 14, 05-01-15 16, 05-03-26 16"),
        ("games",),
        ("preschool",),
        (1998, 2000),
        (6,),
        2,
        0.5,
        "Ойын бөлмесі",
    ),
)

KORDAI = (
    Course(
        "kordai",
        "sewing",
        "Тігін, {n}-топ",
        (Run(date(2005, 4, 4), 8, until=date(2005, 6, 30)), Run(date(2005, 4, 11), 6, until=date(2005, 6, 30))),
        ("sewing",),
        ("unemployed", "single-women"),
        (1965, 1986),
        EVERY_DAY,
        4,
        1.0,
        "Тігін шеберханасы",
    ),
    Course(
        "kordai",
        "computer-kordai",
        "Компьютер, {n}-топ",
        (
            Run(date(2004, 9, 20), 11, left=2, until=date(2004, 11, 19)),
            Run(date(2005, 1, 17), 10, left=1, until=date(2005, 3, 4)),
            Run(date(2005, 2, 14), 9, again=1, left=3, until=date(2005, 4, 22)),
            Run(date(2005, 6, 1), 1, until=date(2005, 6, 29)),
        ),
        ("computer",),
        YOUTH,
        (1980, 1987),
        (1, 3, 5),
        room="Компьютер сыныбы",
        women=0.5,
    ),
    Course(
        "kordai",
        "cooking",
        "Аспаздық",
        runs("05-02-01 12-2"),
        ("sewing",),
        ("unemployed",),
        (1960, 1986),
        (2, 4),
        4,
        0.9,
    ),
    Course("kordai", "salads", "Салаттар", runs("05-03-19 16+2"), ("sewing",), HOUSE, (1955, 1985), hours=8, women=1.0),
)

AMANBOKTER = (
    Course(
        "amanbokter",
        "computer",
        "Компьютер, {n}-топ",
        runs("04-10-04 7-1, 05-01-17 7, 05-04-18 7-1"),
        ("school",),
        ("school-pupils", "unemployed-youth"),
        (1978, 1989),
        (1, 2, 3, 4),
        1,
        room="Мектептің компьютер сыныбы",
    ),
    Course(
        "amanbokter",
        "sewing",
        "Тапсырыспен тігу",
        (Run(date(2005, 2, 7), 6, until=date(2005, 5, 27)),),
        ("sewing",),
        HOUSE,
        (1962, 1982),
        (2, 4),
        4,
        1.0,
        is_regular=False,
    ),
    Course("amanbokter", "cheese", "Ірімшік", runs("05-03-05 10"), ("cheese",), HOUSE, (1950, 1980), (6, 7), 8, 0.9),
)

COURSES = SORTOBE + NOGAIBAI + KORDAI + KARABULAK + AMANBOKTER + TARAZ + KARAGANDA

# Days of which only totals are known; they are no part of the counts above.
TOLD = (
    Told("sortobe", "life-skills", "Посадка деревьев", date(2005, 4, 2), 63, 58),
    Told("sortobe", "life-skills", "Субботник у арыка", date(2005, 4, 30), 41, 37),
    Told("karabulak", "life-skills", "День открытых дверей", date(2005, 6, 1), 88, 46),
    Told("karaganda", "holiday-club", "Экологический десант", date(2005, 5, 14), 52, 44),
)
