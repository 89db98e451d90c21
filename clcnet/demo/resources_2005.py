"""What the seven centres had in 2004 and 2005 (§6.5, rows 2, 3, 7, 8, 11 and Annex 1); committees: `committees_2005`.

Kinds and numbers are those of the report; makes, amounts of money and days are invented. What the report is silent on,
or says is missing, has no entry: Nogaibai's papers of 2005, the needs of Taraz.
"""

from datetime import date

from .shapes import Device, Partner, Study

BOUGHT = date(2003, 11, 3)
LATER = date(2004, 10, 4)

EQUIPMENT = {
    "sortobe": (
        Device("computer", "Pentium III", 6, 6, BOUGHT),
        Device("printer", "HP LaserJet 1200", 1, 1, BOUGHT),
        Device("copier", "Canon FC-128", 1, 1, BOUGHT),
        Device("sewing_machine", "Чайка", 8, 8, BOUGHT),
        Device("overlocker", "", 1, 1, BOUGHT),
        Device("audio_video", "Телевизор и видеоплеер", 1, 1, BOUGHT),
    ),
    "nogaibai": (
        Device("computer", "Pentium III", 4, 3, BOUGHT, date(2005, 3, 14), "Қосылмайды, қуат блогы күйген"),
        Device("printer", "HP LaserJet 1010", 1, 1, BOUGHT),
        Device("sewing_machine", "Чайка", 5, 5, BOUGHT),
    ),
    "kordai": (
        Device("computer", "Pentium III", 5, 3, BOUGHT, date(2005, 2, 7), "Екеуінің қатты дискісі істен шыққан"),
        Device("fax", "Panasonic", 1, 0, BOUGHT, date(2005, 4, 18), "Қағазды тартпайды"),
        Device("printer", "Epson LX-300", 1, 1, BOUGHT),
        Device("sewing_machine", "Подольск", 9, 9, BOUGHT),
        Device("overlocker", "", 2, 2, BOUGHT),
    ),
    "karabulak": (
        Device("computer", "Pentium IV", 7, 7, BOUGHT),
        Device("printer", "HP LaserJet 1010", 2, 2, BOUGHT),
        Device("phone", "", 1, 1, BOUGHT),
        Device("sewing_machine", "Промышленная 1022М", 6, 6, LATER),
        Device("overlocker", "", 1, 1, LATER),
    ),
    "amanbokter": (
        Device("computer", "Pentium III", 5, 3, BOUGHT, date(2004, 12, 6), "Найзағайдан кейін қосылмайды"),
        Device("fax", "Panasonic", 1, 0, BOUGHT, date(2004, 12, 6), "Найзағайдан кейін қосылмайды"),
        Device("modem", "", 1, 0, BOUGHT, date(2004, 12, 6), "Байланыс жоқ"),
        Device("sewing_machine", "Чайка", 4, 4, BOUGHT),
    ),
    "taraz": (
        Device("computer", "Celeron", 6, 4, BOUGHT, date(2005, 1, 24), "Аналық тақтасы ауыстыруды қажет етеді"),
        Device("sewing_machine", "Janome", 7, 7, BOUGHT),
        Device("overlocker", "", 2, 2, BOUGHT),
        Device("audio_video", "Музыкалық орталық", 1, 1, LATER),
    ),
    "karaganda": (
        Device("computer", "Pentium IV", 24, 24, LATER),
        Device("printer", "HP LaserJet 1150", 3, 3, LATER),
        Device("scanner", "", 1, 1, LATER),
        Device("projector", "", 1, 1, LATER),
        Device("sewing_machine", "Промышленная 1022М", 14, 14, LATER),
        Device("overlocker", "", 4, 4, LATER),
    ),
}

PARTNERS = {
    "sortobe": (
        Partner("Акимат Сортобинского сельского округа", "akimat", "written", "помещение, отопление"),
        Partner("Средняя школа села Сортобе", "school", gives="учителя"),
        Partner("Профессиональная школа", "school", gives="мастер по шитью"),
        Partner("Сельский музей", "other"),
        Partner("Сельская больница", "other", gives="врачи для бесед"),
        Partner("Ассоциация деловых женщин", "ngo", gives="семинары о своём деле"),
    ),
    "nogaibai": (
        Partner("Ноғайбай ауылдық округінің әкімдігі", "akimat", gives="бөлме"),
        Partner("Колледж", "school"),
        Partner("Орта мектептер", "school", gives="мұғалімдер"),
        Partner("Дәрігерлік амбулатория", "other"),
        Partner("Қордай аудандық еңбек бөлімі", "labour_office"),
    ),
    "kordai": (
        Partner("Аудандық жұмыспен қамту және әлеуметтік бағдарламалар бөлімі", "labour_office", "written", "үй-жай"),
        Partner("Қордай мектептері", "school", gives="мұғалімдер"),
        Partner("Аудандық аурухана", "other", gives="тапсырыстар"),
    ),
    "karabulak": (
        Partner("Акимат района", "akimat"),
        Partner("Акимат села", "akimat", "written", "помещение"),
        Partner("Районный отдел труда", "labour_office", gives="направляет безработных"),
        Partner("Колледж", "school"),
        Partner("Профессиональная школа", "school"),
        Partner("Средняя школа", "school", gives="учителя, компьютерный класс на время ремонта"),
        Partner("Профсоюз работников сельского хозяйства", "ngo"),
        Partner("Местное отделение сельской партии", "other"),
    ),
    "amanbokter": (
        Partner("Аманбөктер ауылдық округінің әкімдігі", "akimat", gives="бөлме"),
        Partner("Орта мектеп", "school", gives="компьютер сыныбы"),
        Partner("Инновациялық мектептер қауымдастығы", "ngo"),
        Partner("CAMPI", "international"),
        Partner("Орталық Азия университеті", "international"),
        Partner("Таулы ауылдар қауымдастығы", "ngo"),
    ),
    "taraz": (
        Partner("Қала әкімдігі", "akimat"),
        Partner("Орта мектеп", "school", gives="бөлмелер"),
        Partner("Кәсіптік мектеп", "school"),
        Partner("Тұрғындар басқармасы", "other"),
        Partner("Жергілікті бастамалар орталығы", "ngo"),
        Partner("Көшбасшы әйелдер бірлестігі", "ngo"),
    ),
    # "9 or more kinds": one of each kind is named.
    "karaganda": (
        Partner("Акимат области", "akimat"),
        Partner("Акимат города", "akimat", "written", "средства городского бюджета"),
        Partner("Акимат района в городе", "akimat"),
        Partner("Городской центр занятости", "labour_office", "written", "оплата четырёх тренеров"),
        Partner("Городская газета", "media", gives="объявления"),
        Partner("Профессиональная школа № 1", "school", "written", "помещения, мастерские"),
        Partner("Университеты города", "school", gives="студенты-волонтёры"),
        Partner("Городские общественные объединения", "ngo"),
        Partner("Другие учебные центры и ассоциации", "ngo"),
    ),
}

# The report knows no centre with a plan for 2005 that was shown; where records are kept regularly, the other four of
# the five documents are there.
DOCUMENTS = {
    "sortobe": {2004: ("year_plan", "journal"), 2005: ("schedule", "journal", "curricula")},
    "nogaibai": {2004: ("operational_plan", "schedule", "journal"), 2005: ()},
    "kordai": {2004: ("journal",), 2005: ("journal",)},
    "karabulak": {
        2004: ("operational_plan", "schedule", "journal", "curricula"),
        2005: ("operational_plan", "schedule", "journal", "curricula"),
    },
    "amanbokter": {2004: (), 2005: ("schedule",)},
    "taraz": {2004: ("schedule", "journal"), 2005: ("schedule", "journal")},
    "karaganda": {
        2004: ("schedule", "journal", "curricula"),
        2005: ("operational_plan", "schedule", "journal", "curricula"),
    },
}

# Tenge by source, on the last day of a quarter. Who got nothing from somewhere has no entry.
INCOMES = {
    "sortobe": {"main_budget": (60_000, 60_000, 45_000, 45_000), "education": (12_000, 18_000, 26_000, 21_500)},
    "nogaibai": {"grants": (50_000,)},
    "kordai": {"main_budget": (40_000, 40_000, 40_000, 40_000), "production": (9_500, 14_000, 12_000, 16_500)},
    "karabulak": {"production": (34_000, 52_500, 48_000, 61_000), "education": (8_000, 11_500, 15_000, 13_000)},
    "amanbokter": {"grants": (90_000,), "production": (0, 4_000, 7_500, 9_000)},
    "taraz": {"education": (18_000, 26_000, 31_500, 29_000), "rent": (6_000, 6_000, 6_000, 6_000)},
    "karaganda": {
        "main_budget": (150_000, 150_000, 180_000, 180_000),
        "education": (42_000, 76_500, 88_000, 81_000),
        "production": (15_000, 38_000, 44_500, 52_000),
        "sponsors": (20_000, 0, 35_000, 10_000),
    },
}
QUARTERS = (date(2004, 9, 30), date(2004, 12, 24), date(2005, 3, 31), date(2005, 6, 30))

STUDIES = {
    "sortobe": (
        Study(
            date(2004, 2, 9),
            date(2004, 2, 27),
            "Анкета в библиотеке и школе, беседы с фермерами",
            140,
            "Компьютер, шитьё, уход за цветами, как начать своё дело",
            "Курсы компьютера и шитья, семинары о своём деле",
        ),
    ),
    "kordai": (
        Study(
            date(2004, 3, 15),
            date(2004, 3, 19),
            "Жұмыссыздармен әңгіме",
            35,
            "Тігін, тұрақты табыс",
            "Тігін топтары ашылды",
        ),
    ),
    "karabulak": (
        Study(
            date(2004, 10, 4),
            date(2004, 10, 8),
            "Устные опросы и интервью",
            None,
            "Компьютер на разных уровнях, переработка молока",
            "Второй уровень компьютерного курса",
        ),
    ),
    "karaganda": (
        Study(
            date(2004, 9, 6),
            date(2004, 9, 24),
            "Анкета для стоящих на учёте в центре занятости",
            212,
            "Работа в офисе, шитьё, уверенность при поиске работы",
            "Программы приспособлены к уровню тех, кто приходит",
        ),
        Study(
            date(2005, 2, 14),
            date(2005, 2, 18),
            "Опрос слушателей и их семей",
            96,
            "Досуг для семей в выходные",
            "Клуб выходного дня собирается чаще",
        ),
    ),
}

# Karaganda alone keeps a database of its target groups; Sortobe counted once and has not renewed it.
PROFILES = {
    "sortobe": (2003, 11_800, "Акимат сельского округа", {"farmers": 640, "rural-households": 2_150}),
    "karaganda": (
        2005,
        None,
        "База центра занятости и центра",
        {"unemployed": 4_310, "unemployed-youth": 1_280, "school-pupils": 2_950, "vocational-students": 1_760},
    ),
}
