"""The groups of the two larger villages and the two cities; see `courses_2005`."""

from datetime import date

from .shapes import Course, Run, runs

WEEK = (1, 2, 3, 4, 5)

KARABULAK = (
    Course(
        "karabulak",
        "computer-1",
        "Компьютер 1, группа {n}",
        runs(
            "04-09-06 12-1, 04-10-11 12-2, 05-01-10 12-1, 05-01-11 12, 05-02-14 12-1, 05-02-15 12,"
            " 05-03-28 12-2, 05-03-29 12,"
            "05-05-10 12-1"
        ),
        ("computer", "evening"),
        ("school-pupils", "unemployed-youth", "repatriates"),
        (1965, 1989),
        (1, 3),
        room="Компьютерный класс",
    ),
    Course(
        "karabulak",
        "computer-2",
        "Компьютер 2, группа {n}",
        runs("05-01-13 12+2, 05-02-17 12+4-1, 05-03-31 12+4, 05-05-05 12+5-1, 05-05-12 12+3"),
        ("evening", "computer"),
        ("unemployed-youth", "working"),
        (1965, 1985),
        (2, 4),
        room="Компьютерный класс",
    ),
    Course(
        "karabulak",
        "sewing",
        "Шитьё, группа {n}",
        runs("04-09-13 9-2, 05-01-17 10-2, 05-01-31 10-3"),
        ("sewing",),
        ("repatriates", "unemployed", "many-children"),
        (1960, 1985),
        WEEK,
        4,
        1.0,
        "Швейный цех",
    ),
    Course(
        "karabulak",
        "cheese",
        "Сыроделие, {n}",
        runs("05-01-29 20, 05-03-12 20+2, 05-04-30 20+1"),
        ("cheese",),
        ("farmers", "rural-households", "repatriates"),
        (1950, 1982),
        (6, 7),
        8,
        0.75,
    ),
    Course(
        "karabulak",
        "entrepreneurship",
        "Предпринимательство, семинар {n}",
        runs("04-11-19 35, 05-01-26 40, 05-02-16 41, 05-03-16 39, 05-04-13 40, 05-05-18 42, 05-06-08 38"),
        ("labour",),
        ("unemployed", "farmers", "repatriates"),
        (1955, 1983),
        hours=8,
    ),
    Course(
        "karabulak",
        "life-skills",
        "Жизненные навыки, встреча {n}",
        runs(
            "04-10-15 50, 04-12-10 50, 05-01-20 66, 05-02-10 68+8, 05-03-03 67, 05-03-24 67+9,"
            " 05-04-14 65, 05-05-05 69,"
            "05-05-26 67+10, 05-06-09 67"
        ),
        ("labour", "cheese"),
        ("unemployed", "repatriates", "school-pupils", "many-children"),
        (1940, 1989),
        hours=4,
    ),
)

TARAZ = (
    Course(
        "taraz",
        "sewing-taraz",
        "Тігін, {n}-топ",
        (
            *runs("04-11-08 7-1, 04-11-09 6, 05-01-17 6, 05-01-18 6+1-1, 05-03-09 6, 05-03-10 6+1-1"),
            *(
                Run(date(2005, 5, 16), new, until=until)
                for new, until in ((6, date(2005, 6, 29)), (4, date(2005, 6, 30)), (3, date(2005, 6, 28)))
            ),
        ),
        ("sewing-1", "sewing-2", "sewing-3"),
        ("unemployed", "single-women", "elderly"),
        (1945, 1984),
        (1, 2, 4),
        4,
        1.0,
        "Тігін сыныбы",
    ),
    Course(
        "taraz",
        "life-skills",
        "Өмірлік дағдылар, {n}",
        runs("04-10-22 18, 05-02-18 15, 05-04-08 15+1, 05-05-20 15"),
        ("skills",),
        ("unemployed", "school-pupils"),
        (1955, 1989),
        hours=4,
    ),
    Course(
        "taraz",
        "tourism",
        "Жас жолбасшылар, {n}",
        runs("05-01-22 19-2, 05-04-16 19-1"),
        ("tourism",),
        ("school-pupils",),
        (1989, 1992),
        (6,),
        4,
        0.45,
    ),
)

KARAGANDA = (
    Course(
        "karaganda",
        "computer-karaganda-1",
        "Компьютер для начинающих, {n}",
        runs("04-09-13 12-1, 04-09-14 12, 04-11-01 12-1, 05-01-17 12, 05-03-09 12-1, 05-05-10 12"),
        ("computer",),
        ("unemployed", "unemployed-youth"),
        (1950, 1984),
        (1, 3, 5),
        room="Кабинет 12",
    ),
    Course(
        "karaganda",
        "computer-karaganda-2",
        "Компьютер для офиса, {n}",
        runs("04-09-15 12, 04-11-03 12+5-1, 05-01-18 12+4, 05-01-20 12-1, 05-03-10 12+6, 05-05-11 12+3-1"),
        ("office",),
        ("unemployed", "vocational-students"),
        (1955, 1985),
        (2, 4, 6),
        room="Кабинет 14",
    ),
    Course(
        "karaganda",
        "sewing-karaganda",
        "Шитьё, группа {n}",
        runs("04-09-20 12-1, 04-11-08 12, 05-01-24 12-2, 05-03-28 12+2"),
        ("sewing",),
        ("unemployed", "single-women"),
        (1950, 1984),
        (1, 2, 3, 4),
        4,
        1.0,
        "Швейная мастерская",
    ),
    Course(
        "karaganda",
        "embroidery",
        "Вышивка, {n}",
        runs("04-10-02 11, 05-01-15 11+1, 05-04-02 11+2-1"),
        ("embroidery",),
        ("unemployed", "elderly"),
        (1935, 1980),
        (6, 7),
        women=0.97,
    ),
    Course(
        "karaganda",
        "retraining",
        "Переподготовка, поток {n}",
        runs("04-10-04 15-2, 04-11-15 15-1, 05-01-17 15, 05-02-28 15-2, 05-04-04 15-1, 05-05-16 15"),
        ("retraining", "office"),
        ("unemployed", "unemployed-youth"),
        (1955, 1985),
        WEEK,
        4,
        0.45,
        "Мастерская школы",
    ),
    Course(
        "karaganda",
        "life-skills-karaganda",
        "Навыки поиска работы, {n}",
        runs(
            "04-10-15 30, 04-11-19 30+3, 04-12-10 30, 05-01-21 30+5, 05-02-18 30, 05-03-18 30+6,"
            " 05-04-22 30, 05-05-20 30+4"
        ),
        ("skills", "family", "lawyer"),
        ("unemployed", "unemployed-youth", "vocational-students"),
        (1950, 1985),
        hours=4,
    ),
    Course(
        "karaganda",
        "holiday-club",
        "Клуб выходного дня, {n}",
        runs("04-10-03 50, 05-01-16 50+6-3, 05-03-13 50+8-4, 05-05-08 50+10"),
        ("choir", "dance", "ecology", "student"),
        ("school-pupils", "vocational-students", "elderly"),
        (1940, 1989),
        (7,),
        hours=4,
        women=0.66,
    ),
)
