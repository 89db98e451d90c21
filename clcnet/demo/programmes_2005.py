"""What was taught in 2004 and 2005: the network's templates and the centres' own programmes (§6.5, rows 3 and 4).

Only Taraz and Karaganda had adapted what they taught; Kordai's computer programme was unfinished, so it has no hours.
"""

from datetime import date

from .shapes import Programme, Text

TEMPLATES = (
    Programme(
        "computer",
        Text("Computer use", "Компьютерная грамотность", "Компьютерлік сауаттылық"),
        "education",
        "continuing",
        "0611",
        36,
    ),
    Programme("sewing", Text("Sewing", "Кройка и шитьё", "Пішу және тігу"), "economy", "income", "0723", 260),
    Programme(
        "entrepreneurship",
        Text("First steps in business", "Первые шаги в предпринимательстве", "Кәсіпкерліктегі алғашқы қадамдар"),
        "human_resources",
        "income",
        "0413",
        8,
    ),
    Programme(
        "life-skills",
        Text("Life skills", "Жизненные навыки", "Өмірлік дағдылар"),
        "quality_of_life",
        "quality_of_life",
        "0031",
        4,
        level="any",
    ),
    Programme("cheese", Text("Cheese making", "Сыроделие", "Ірімшік жасау"), "economy", "income", "0721", 16),
)

OWN = (
    # Sortobe
    Programme(
        "flowers",
        Text("Flowers at home", "Домашнее цветоводство", "Үй гүлдерін өсіру"),
        "economy",
        "future",
        "0812",
        4,
        "sortobe",
        "any",
    ),
    # Nogaibai
    Programme(
        "hairdressing",
        Text("Hairdressing", "Парикмахерское дело", "Шаштараз ісі"),
        "economy",
        "income",
        "1012",
        60,
        "nogaibai",
    ),
    Programme(
        "games",
        Text("Games before school", "Игры для дошкольников", "Мектепке дейінгі ойындар"),
        "education",
        "quality_of_life",
        "0922",
        16,
        "nogaibai",
        "any",
    ),
    # Kordai
    Programme(
        "computer-kordai",
        Text("Computer use, being written", "Компьютерный курс, в работе", "Компьютер курсы, әзірленуде"),
        "education",
        "continuing",
        "0611",
        None,
        "kordai",
    ),
    Programme("cooking", Text("Cooking", "Кулинария", "Аспаздық"), "economy", "income", "1013", 24, "kordai"),
    Programme(
        "salads", Text("Salad making", "Приготовление салатов", "Салат жасау"), "economy", "income", "1013", 8, "kordai"
    ),
    # Karabulak
    Programme(
        "computer-1",
        Text("Computer use, first level", "Компьютер, первый уровень", "Компьютер, бірінші деңгей"),
        "education",
        "continuing",
        "0611",
        24,
        "karabulak",
    ),
    Programme(
        "computer-2",
        Text("Computer use, second level", "Компьютер, второй уровень", "Компьютер, екінші деңгей"),
        "education",
        "continuing",
        "0611",
        24,
        "karabulak",
        "intermediate",
    ),
    # Taraz
    Programme(
        "sewing-taraz",
        Text("Sewing, a short course", "Шитьё, краткий курс", "Тігін, қысқа курс"),
        "economy",
        "income",
        "0723",
        60,
        "taraz",
        adapted_from="sewing",
        adapted_on=date(2004, 10, 4),
    ),
    Programme(
        "tourism",
        Text("Guides for children's tourism", "Проводники детского туризма", "Балалар туризмінің жолбасшылары"),
        "human_resources",
        "future",
        "1015",
        24,
        "taraz",
        "any",
    ),
    # Karaganda
    Programme(
        "computer-karaganda-1",
        Text("Computer use, for beginners", "Компьютер для начинающих", "Бастаушыларға арналған компьютер"),
        "education",
        "continuing",
        "0611",
        30,
        "karaganda",
        adapted_from="computer",
        adapted_on=date(2004, 11, 1),
        after_study=True,
    ),
    Programme(
        "computer-karaganda-2",
        Text("Computer use, for the office", "Компьютер для офиса", "Кеңсеге арналған компьютер"),
        "education",
        "continuing",
        "0611",
        30,
        "karaganda",
        "intermediate",
        adapted_from="computer",
        adapted_on=date(2004, 11, 1),
        after_study=True,
    ),
    Programme(
        "sewing-karaganda",
        Text("Sewing at several levels", "Шитьё, несколько уровней", "Тігін, бірнеше деңгей"),
        "economy",
        "income",
        "0723",
        80,
        "karaganda",
        "any",
        adapted_from="sewing",
        adapted_on=date(2004, 11, 15),
        after_study=True,
    ),
    Programme(
        "embroidery", Text("Embroidery", "Вышивка", "Кесте тігу"), "economy", "income", "0723", 32, "karaganda", "any"
    ),
    Programme(
        "retraining",
        Text("Retraining for the unemployed", "Переподготовка безработных", "Жұмыссыздарды қайта даярлау"),
        "human_resources",
        "continuing",
        "0417",
        60,
        "karaganda",
        "any",
    ),
    Programme(
        "holiday-club",
        Text("Holiday club", "Клуб выходного дня", "Демалыс күні клубы"),
        "quality_of_life",
        "quality_of_life",
        "0215",
        16,
        "karaganda",
        "any",
    ),
    Programme(
        "life-skills-karaganda",
        Text(
            "Life skills for those who seek work",
            "Жизненные навыки для ищущих работу",
            "Жұмыс іздеушілерге арналған өмірлік дағдылар",
        ),
        "quality_of_life",
        "quality_of_life",
        "0031",
        4,
        "karaganda",
        "any",
        adapted_from="life-skills",
        adapted_on=date(2004, 10, 11),
        after_study=True,
    ),
)

PROGRAMMES = TEMPLATES + OWN
