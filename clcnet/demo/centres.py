"""The seven centres in the order of the 2005 matrix.

Villages, kinds and hosts are real (§2, §7.4); people, addresses, contacts and days are invented. Phone numbers have a
real area code and a subscriber number that starts with 0, which no exchange assigns.
"""

from datetime import date

from .shapes import Centre, Person, Text

SORTOBE = Centre(
    code="sortobe",
    name=Text("Sortobe", "Сортобе", "Сортөбе"),
    kind="remote_village",
    unit="sortobe",
    host_kind="library",
    host=Text("Sortobe village library", "Сельская библиотека Сортобе", "Сортөбе ауылдық кітапханасы"),
    opened=date(2003, 9, 15),
    legal_status="",
    aliases=("Sortobe CLC",),
    address="27 Bostan Street, Sortobe",
    post_code="080431",
    phone="+7 72636 0-01-01",
    email="sortobe@clc.example",
    language="ru",
    heads=(Person("Yusup Mashanlo", "Юсуп Люхузович Машанло", date(2003, 9, 15)),),
    facilitators=(Person("Zukhra Shimarova", "Зухра Исмаровна Шимарова", date(2003, 9, 15)),),
    chairs=(Person("Gulsim Asanbekova", "Гүлсім Төлегенқызы Асанбекова", date(2003, 10, 1)),),
)

NOGAIBAI = Centre(
    code="nogaibai",
    name=Text("Nogaibai", "Ногайбай", "Ноғайбай"),
    kind="remote_village",
    unit="nogaibai",
    host_kind="akimat",
    host=Text(
        "Akimat of Nogaibai rural district",
        "Акимат Ногайбайского сельского округа",
        "Ноғайбай ауылдық округінің әкімдігі",
    ),
    opened=date(2003, 10, 6),
    legal_status="",
    aliases=("Nogaibai CLC", "Nogibai", "Nogaibaii"),
    address="3 Arna Street, Nogaibai",
    post_code="080428",
    phone="+7 72636 0-01-02",
    email="nogaibai@clc.example",
    language="kk",
    heads=(Person("Serik Zhumatayev", "Серік Мұхтарұлы Жұматаев", date(2003, 10, 6)),),
    # Turnover is itself a finding: the first facilitator left with the akim, who chaired the committee.
    facilitators=(
        Person("Aigerim Sarsenova", "Айгерім Болатқызы Сарсенова", date(2003, 10, 6), date(2005, 3, 1)),
        Person("Nurlan Tazhibayev", "Нұрлан Ерболұлы Тәжібаев", date(2005, 6, 1)),
    ),
    chairs=(Person("Kairat Dzhumabekov", "Қайрат Садықұлы Жұмабеков", date(2003, 11, 3), date(2005, 3, 1)),),
)

KORDAI = Centre(
    code="kordai",
    name=Text("Kordai", "Кордай", "Қордай"),
    kind="raion_centre",
    unit="kordai",
    host_kind="labour_department",
    host=Text(
        "Kordai raion department of labour and social programmes",
        "Кордайский районный отдел занятости и социальных программ",
        "Қордай аудандық жұмыспен қамту және әлеуметтік бағдарламалар бөлімі",
    ),
    opened=date(2003, 9, 22),
    legal_status="none",
    aliases=("Kordai CLC", "Korday"),
    address="112 Zheltoksan Street, Kordai",
    post_code="080409",
    phone="+7 72636 0-01-03",
    email="kordai@clc.example",
    language="kk",
    heads=(Person("Maira Toktarova", "Майра Асқарқызы Тоқтарова", date(2003, 9, 22)),),
    facilitators=(Person("Dinara Omirbekova", "Динара Қанатқызы Өмірбекова", date(2003, 9, 22)),),
    chairs=(Person("Viktor Lukin", "Виктор Андреевич Лукин", date(2003, 11, 10)),),
)

KARABULAK = Centre(
    code="karabulak",
    name=Text("Karabulak", "Карабулак", "Қарабұлақ"),
    kind="raion_centre",
    unit="karabulak",
    host_kind="akimat",
    host=Text(
        "Akimat of Karabulak rural district",
        "Акимат Карабулакского сельского округа",
        "Қарабұлақ ауылдық округінің әкімдігі",
    ),
    opened=date(2003, 9, 8),
    legal_status="",
    aliases=("Karabulak CLC",),
    address="40 Balpyk Street, Karabulak",
    post_code="040507",
    phone="+7 72836 0-01-04",
    email="karabulak@clc.example",
    language="ru",
    heads=(Person("Zhanna Sokolova", "Жанна Петровна Соколова", date(2003, 9, 8)),),
    facilitators=(Person("Irina Melnik", "Ирина Сергеевна Мельник", date(2003, 9, 8)),),
    chairs=(Person("Amangeldy Bekturov", "Амангелді Нұрланұлы Бектұров", date(2003, 9, 29)),),
)

AMANBOKTER = Centre(
    code="amanbokter",
    name=Text("Amanbokter", "Аманбоктер", "Аманбөктер"),
    kind="remote_village",
    unit="amanbokter",
    host_kind="akimat",
    host=Text(
        "Akimat of Amanbokter rural district",
        "Акимат Аманбоктерского сельского округа",
        "Аманбөктер ауылдық округінің әкімдігі",
    ),
    opened=date(2003, 10, 20),
    legal_status="",
    aliases=("Amanbokter CLC",),
    address="9 Taugul Street, Amanbokter",
    post_code="041509",
    phone="+7 72839 0-01-05",
    email="amanbokter@clc.example",
    language="kk",
    heads=(Person("Tursyn Ospanov", "Тұрсын Қабденұлы Оспанов", date(2003, 10, 20)),),
    facilitators=(Person("Saule Kenzhebayeva", "Сәуле Маратқызы Кенжебаева", date(2003, 10, 20)),),
    chairs=(Person("Orazbek Imanov", "Оразбек Жақыпұлы Иманов", date(2003, 12, 1)),),
)

TARAZ = Centre(
    code="taraz",
    name=Text("Taraz", "Тараз", "Тараз"),
    kind="city",
    unit="taraz",
    host_kind="childrens_club",
    host=Text("Children’s club, Taraz", "Детский клуб, г. Тараз", "Балалар клубы, Тараз қаласы"),
    opened=date(2003, 11, 3),
    legal_status="registered",
    aliases=("Taraz CLC",),
    address="58 Suleimenov Street, Taraz",
    post_code="080019",
    phone="+7 7262 00-01-06",
    email="taraz@clc.example",
    language="kk",
    heads=(Person("Larisa Yershova", "Лариса Николаевна Ершова", date(2003, 11, 3)),),
    facilitators=(Person("Aliya Seitkali", "Әлия Даниярқызы Сейтқали", date(2003, 11, 3)),),
    chairs=(Person("Rustam Yuldashev", "Рустам Анварович Юлдашев", date(2003, 12, 8)),),
)

KARAGANDA = Centre(
    code="karaganda",
    name=Text("Karaganda", "Караганда", "Қарағанды"),
    kind="city",
    unit="karaganda",
    host_kind="vet_school",
    host=Text(
        "VET School No. 1, Karaganda", "Профессиональная школа № 1, г. Караганда", "№ 1 кәсіптік мектеп, Қарағанды"
    ),
    opened=date(2004, 9, 1),  # its count of people starts in this month
    legal_status="none",
    aliases=("Karaganda CLC", "Karagandy"),
    address="6 Shakhtyorov Lane, Karaganda",
    post_code="100032",
    phone="+7 7212 00-01-07",
    email="karaganda@clc.example",
    language="ru",
    heads=(Person("Pavel Schmidt", "Павел Генрихович Шмидт", date(2004, 9, 1)),),
    facilitators=(Person("Marina Tsoy", "Марина Анатольевна Цой", date(2004, 9, 1)),),
    chairs=(Person("Bakhytzhan Alimzhanov", "Бахытжан Серикович Алимжанов", date(2004, 9, 13)),),
)

CENTRES = (SORTOBE, NOGAIBAI, KORDAI, KARABULAK, AMANBOKTER, TARAZ, KARAGANDA)
