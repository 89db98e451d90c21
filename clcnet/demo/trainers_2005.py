"""Who taught at the seven centres (§6.5, row 6): invented people, of the kinds and numbers that the report names."""

from datetime import date

from .shapes import Trainer

KK, RU, BOTH = ("kk",), ("ru",), ("kk", "ru")
AUTUMN_2003 = date(2003, 11, 10)
AUTUMN_2004 = date(2004, 9, 1)

TRAINERS = {
    "sortobe": (
        Trainer("school", "Лейла Харкиевна Мисарова", "school", "akimat", RU, AUTUMN_2003, (5, 6), True),
        Trainer("vet", "Ольга Павловна Жданова", "vocational", "akimat", RU, AUTUMN_2003, (9,), True),
        Trainer("business", "Гүлнәр Әділқызы Сатыбалдина", "business", "volunteer", BOTH, date(2004, 2, 2), (7,)),
        Trainer("doctor", "Исхак Керимович Саларов", "medical", "volunteer", RU, date(2004, 2, 2), (7,), True),
        Trainer("grower", "Сафия Юнусовна Лохуза", "specialist", "volunteer", RU, date(2004, 3, 1)),
        Trainer(
            "facilitator",
            "Зухра Исмаровна Шимарова",
            "association",
            "akimat",
            RU,
            AUTUMN_2003,
            (5, 6, 7, 10),
            None,
            "sortobe",
        ),
    ),
    "nogaibai": (
        Trainer("school", "Перизат Самарқанқызы Ералиева", "school", "akimat", KK, AUTUMN_2003, (5, 7), True),
        Trainer("games", "Айсұлу Төлеуқызы Бейсенова", "school", "akimat", KK, date(2004, 9, 6), (), True),
        Trainer("master", "Жазира Мейрамқызы Қосанова", "specialist", "volunteer", KK, date(2004, 2, 2), (9,)),
    ),
    "kordai": (
        Trainer("sewing", "Роза Тілеуқызы Маханбетова", "school", "akimat", BOTH, AUTUMN_2003, (7, 9), True),
        Trainer("computer", "Сергей Олегович Дробышев", "school", "akimat", RU, date(2004, 1, 12), (5, 6), True),
    ),
    "karabulak": (
        Trainer("computer", "Бауыржан Сәкенұлы Елемесов", "school", "akimat", BOTH, AUTUMN_2003, (5,), True),
        Trainer("evening", "Алла Викторовна Горшкова", "school", "akimat", RU, date(2004, 1, 12), (), True),
        Trainer("labour", "Наталья Ивановна Кравец", "school", "centre", RU, AUTUMN_2003, (7,), True),
        Trainer("sewing", "Майра Оразқызы Нүсіпова", "association", "centre", BOTH, AUTUMN_2003, (9,), False),
        Trainer("cheese", "Эмма Карловна Рейтер", "association", "volunteer", RU, date(2004, 3, 1), (7, 9), False),
    ),
    "amanbokter": (
        Trainer("school", "Талғат Жәнібекұлы Құсайынов", "school", "akimat", KK, AUTUMN_2003, (5,), True),
        Trainer("sewing", "Бибігүл Сапарқызы Әзімова", "association", "volunteer", KK, AUTUMN_2003, (9,), False),
        Trainer(
            "cheese", "Несібелі Тоқтарқызы Бапанова", "association", "volunteer", KK, date(2004, 3, 1), (7, 9), False
        ),
    ),
    "taraz": (
        Trainer("sewing-1", "Шоира Бахтиёровна Усманова", "specialist", "centre", RU, AUTUMN_2003, (9,), True),
        Trainer("sewing-2", "Қарлығаш Нұрланқызы Әмірова", "specialist", "centre", BOTH, AUTUMN_2003, (9,), True),
        Trainer("sewing-3", "Людмила Андреевна Пащенко", "vocational", "centre", RU, date(2004, 1, 12), (), True),
        Trainer("tourism", "Ерлан Қуатұлы Төлебаев", "specialist", "centre", BOTH, AUTUMN_2003, (5, 6), True),
        Trainer("skills", "Венера Маратовна Хасанова", "school", "centre", BOTH, date(2004, 1, 12), (7, 10), True),
    ),
    "karaganda": (
        Trainer("office", "Ирина Давыдовна Лейман", "vocational", "employment_centre", RU, AUTUMN_2004, (8,), True),
        Trainer(
            "computer", "Ержан Төкенұлы Мұсабеков", "vocational", "employment_centre", BOTH, AUTUMN_2004, (8,), True
        ),
        Trainer("sewing", "Валентина Яковлевна Рау", "vocational", "employment_centre", RU, AUTUMN_2004, (9,), True),
        Trainer("retraining", "Алексей Викторович Нам", "vocational", "employment_centre", RU, AUTUMN_2004, (8,), True),
        Trainer("embroidery", "Күләш Әбдіқызы Сембина", "specialist", "volunteer", BOTH, AUTUMN_2004, (9,)),
        Trainer("skills", "Елена Генриховна Вайс", "school", "volunteer", RU, AUTUMN_2004, (7, 10), True),
        Trainer("family", "Сауле Ғазизқызы Темірова", "medical", "volunteer", BOTH, AUTUMN_2004, (7,), True),
        Trainer("lawyer", "Олег Станиславович Цуркан", "specialist", "volunteer", RU, AUTUMN_2004, (), True),
        Trainer("choir", "Тамара Ефимовна Жилина", "school", "volunteer", RU, AUTUMN_2004),
        Trainer("dance", "Дана Қайыркенқызы Айдарова", "school", "volunteer", BOTH, AUTUMN_2004),
        Trainer("ecology", "Виктор Иванович Брагин", "specialist", "volunteer", RU, AUTUMN_2004),
        Trainer("student", "Тимур Асланович Гатаев", "other", "volunteer", RU, date(2005, 1, 10)),
    ),
}
