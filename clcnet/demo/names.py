"""Invented people with names as they are met around the seven centres, the same ones on every load.

Surname, given name and patronymic are drawn from lists and agree in sex. Nobody is meant. Within one centre, no two
people have the same surname and given name, and those of one year of birth share hardly any name, so that the queue of
likely duplicates is short.
"""

from dataclasses import dataclass
from random import Random

TRIES = 40  # until somebody may share a name with another of about the same age


@dataclass(frozen=True)
class Invented:
    """One invented person. `birth_year` is 0 where the centre did not ask."""

    surname: str
    given_name: str
    patronymic: str
    sex: str  # f, m
    language: str  # kk, ru, other
    birth_year: int


@dataclass(frozen=True)
class People:
    """The names of one of the region's peoples."""

    language: str
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]  # in the form for men


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


KAZAKH = People(
    "kk",
    women=words(
        "Айгүл Айжан Айнұр Айсұлу Ақмарал Алма Алтынай Анар Асель Асем Аягөз Бағила Баян Бибігүл Ботагөз Гүлжан Гүлнәр "
        "Гүлсім Дариға Динара Дәмеш Жадыра Жазира Жанар Жанна Жұлдыз Зәуре Зейнеп Индира Ләззат Мадина Майра Меруерт "
        "Назгүл Несібелі Нұргүл Орынкүл Перизат Роза Райхан Салтанат Сәнімай Тоты Ұлжан Фариза Шолпан Шынар"
    ),
    men=words(
        "Абай Азамат Айбек Айдос Алмас Амангелді Арман Асан Асқар Әділ Бақыт Батыр Бауыржан Бекзат Берік Болат Ғабит "
        "Дамир Данияр Дархан Дәулет Ербол Ерлан Еркін Жанат Жандос Жомарт Қайрат Қанат Қуаныш Марат Мұрат Мұхтар "
        "Нұржан Олжас Оразбек Рауан Сабыр Самат Серік Талғат Тимур Тұрар Шыңғыс"
    ),
    surnames=words(
        "Абдрахманов Абенов Айтбаев Ахметов Әбілов Әлімов Байжанов Байсейітов Баймұханов Бекенов Бектұров Бөлекбаев "
        "Дәуренбеков Досанов Досжанов Ергалиев Есенов Еспаев Жақыпов Жаңабаев Жолдасов Жұмабаев Жүнісов Иманбеков "
        "Исабаев Қалиев Қасенов Қожабеков Қонысбаев Құлмағамбетов Манасов Мақұлбеков Мәмбетов Молдабеков Мұқанов "
        "Нұрғожин Нұрпейісов Омаров Оспанов Отарбаев Рысқұлов Сағындықов Садуақасов Сейтқазин Сәрсенбаев Смағұлов "
        "Сұлтанбеков Тілеубаев Төлегенов Төребеков Тұрсынов Ұзақов Шәкіров Шойбеков Ыбраев Ізтілеуов"
    ),
)

RUSSIAN = People(
    "ru",
    women=words(
        "Алёна Алла Анастасия Анна Валентина Валерия Вера Галина Дарья Евгения Екатерина Елена Жанна Зинаида Зоя Инна "
        "Ирина Кристина Ксения Лариса Лидия Людмила Любовь Маргарита Марина Мария Надежда Наталья Нина Оксана Ольга "
        "Полина Раиса Светлана Софья Тамара Татьяна Юлия"
    ),
    men=words(
        "Александр Алексей Анатолий Андрей Антон Борис Вадим Валерий Василий Виктор Владимир Вячеслав Геннадий Георгий "
        "Григорий Денис Дмитрий Евгений Иван Константин Леонид Максим Михаил Николай Олег Павел Пётр Роман Семён "
        "Сергей Степан Фёдор Юрий"
    ),
    surnames=words(
        "Авдеев Агапов Баранов Беспалов Богданов Васильев Веселов Воробьёв Гаврилов Головин Громов Данилов Дёмин "
        "Дроздов Ефимов Жданов Зайцев Зимин Иванов Ильин Калинин Карпов Климов Ковалёв Колесников Крылов Лебедев "
        "Логинов Макаров Маслов Миронов Назаров Никитин Орлов Павлов Поляков Прохоров Рыбаков Савин Сафонов Седов "
        "Сорокин Степанов Тарасов Титов Трофимов Устинов Фомин Харитонов Черкасов Шилов Щербаков Юдин Яковлев"
    ),
)

DUNGAN = People(
    "other",
    women=words(
        "Амина Аниза Асия Ариба Биби Гульбану Гульнара Джамиля Зайнап Залина Зейнеп Зульфия Зухра Исмара Камила Лейла "
        "Малика Марзия Мариям Мадия Нафиса Рабия Райма Рукия Саида Салима Сакина Сафия Суюра Фатима Хадича Халима "
        "Хамида Шарифа Юлдуз Ясина"
    ),
    men=words(
        "Абубакар Арли Али Бакир Гани Дауд Зия Ибрагим Идрис Ильяс Исмаил Исхак Керим Лукман Мамед Мухаме Муса Мустафа "
        "Насыр Омар Рашид Салих Сулейман Харки Хасан Хусейн Шариф Эрса Юнус Юсуп Якуб Яхья"
    ),
    surnames=words(
        "Арбуду Бивузов Вансваза Ванахун Воинов Гушанло Данзыров Дауров Дёшаров Жынхуаза Имазов Исмаров Кулоза "
        "Ламазов Лапуров Лохуза Лювазов Люшанло Маваза Мавазов Мачинло Машанло Маюсанов Мисаров Мияров Мусаров "
        "Нуруров Рахунов Саларов Соваза Сулейманло Сушанло Тянвазов Уташаров Фэнлоза Хаваза Хахазов Хуцзазов "
        "Цунвазов Чинваза Шивазов Шимаров Шисыров Юбуров Ясыров"
    ),
)

UZBEK = People(
    "other",
    women=words(
        "Барно Гулбахор Дилдора Дилфуза Дилноза Зебо Зулайхо Камола Лола Малохат Махфуза Мехри Мухаббат Наргиза Нигора "
        "Нилуфар Нозима Ойгуль Саодат Севара Феруза Хуршида Шахноза Шоира Юлдуз"
    ),
    men=words(
        "Абдулла Акмал Анвар Бахтиёр Ботир Джахонгир Ильхом Камол Мирза Нодир Обид Равшан Рустам Санжар Сардор Тахир "
        "Улугбек Фарход Хамид Шавкат Шухрат Эркин"
    ),
    surnames=words(
        "Абдуллаев Азизов Алимов Ахмедов Бабаджанов Гафуров Закиров Икрамов Исмаилов Каримов Касымов Махмудов Мирзаев "
        "Насыров Нигматов Рахимов Сабиров Саидов Султанов Ташматов Турдыев Умаров Усманов Хакимов Шарипов Эргашев "
        "Юлдашев Юсупов Якубов"
    ),
)

GERMAN = People(
    "ru",
    RUSSIAN.women,
    RUSSIAN.men,
    words(
        "Бауэр Беккер Вагнер Вебер Вольф Гергерт Гофман Келлер Кох Крюгер Ланг Майер Миллер Нейман Роот Рейнгардт "
        "Фишер Фогель Фрик Циммер Шефер Шнайдер Шульц Штейн"
    ),
)

KOREAN = People("ru", RUSSIAN.women, RUSSIAN.men, words("Ан Ким Ли Лим Нам Огай Пак Тен Тё Хан Хегай Цой Чен Югай Юн"))

TURKISH = People(
    "other",
    women=words("Айше Гюльназ Гюльпери Зара Инджи Лале Нармина Севда Сейран Телли Фирюза Хавва"),
    men=words("Алихан Ахмед Бинали Вали Исрафил Латиф Мурад Осман Расул Тофик Шамиль Эльдар"),
    surnames=words("Алиев Бадалов Дурсунов Исаев Кахраманов Лезгиев Османов Пашаев Риза Таштанов Халилов"),
)

# Who lives around each centre, in parts of a hundred.
AROUND = {
    "sortobe": ((DUNGAN, 82), (KAZAKH, 9), (RUSSIAN, 5), (TURKISH, 4)),
    "nogaibai": ((KAZAKH, 86), (RUSSIAN, 6), (TURKISH, 8)),
    "kordai": ((KAZAKH, 62), (RUSSIAN, 18), (DUNGAN, 10), (TURKISH, 6), (GERMAN, 4)),
    "karabulak": ((KAZAKH, 60), (RUSSIAN, 31), (GERMAN, 5), (KOREAN, 4)),
    "amanbokter": ((KAZAKH, 94), (RUSSIAN, 6)),
    "taraz": ((KAZAKH, 55), (RUSSIAN, 23), (UZBEK, 16), (KOREAN, 6)),
    "karaganda": ((RUSSIAN, 44), (KAZAKH, 38), (GERMAN, 11), (KOREAN, 7)),
}


def feminine(surname: str) -> str:
    return f"{surname}а" if surname.endswith(("ов", "ев", "ёв", "ин")) else surname


def patronymic(people: People, father: str, sex: str) -> str:
    """As the people form it: the Kazakh ones with ұлы and қызы, the others in the Russian way."""
    if people is KAZAKH:
        return father + ("қызы" if sex == "f" else "ұлы")
    irregular = {"Павел": "Павл", "Пётр": "Петр", "Михаил": "Михайл", "Семён": "Семён"}
    stem = irregular.get(father, father)
    if stem.endswith("ий"):
        stem = stem[:-2] + "ь"
    elif stem.endswith(("й", "ь")):
        stem = stem[:-1]
    elif stem.endswith(("а", "я", "и", "о")):
        return stem + ("евна" if sex == "f" else "евич")
    soft = stem.endswith(("ь", "е")) or father.endswith(("й", "ь"))
    return stem + {(True, "f"): "евна", (True, "m"): "евич", (False, "f"): "овна", (False, "m"): "ович"}[soft, sex]


class Crowd:
    """Draws one centre's people, never the same surname and given name twice."""

    def __init__(self, centre: str):
        self.chance = Random(f"people of {centre}")  # noqa: S311 (nothing secret)
        self.peoples, self.weights = zip(*AROUND[centre], strict=True)
        self.used: dict[tuple[str, str], People] = {}
        self.of_year: set[tuple[int, str]] = set()

    def draw(self, *, women: float, born: tuple[int, int]) -> Invented:
        """Somebody, a woman with that probability, born in one of these years."""
        chance = self.chance
        sex = "f" if chance.random() < women else "m"
        year = chance.randint(*born)
        tries = 0
        while True:
            [people] = chance.choices(self.peoples, self.weights)
            surname = chance.choice(people.surnames)
            if sex == "f":
                surname = feminine(surname)
            given = chance.choice(people.women if sex == "f" else people.men)
            tries += 1
            alike = {(year, surname), (year, given), (year + 1, surname), (year - 1, surname)} & self.of_year
            if (surname, given) not in self.used and (not alike or tries > TRIES):
                break
        self.used[surname, given] = people
        self.of_year |= {(year, surname), (year, given)}
        father = patronymic(people, chance.choice(people.men), sex)
        return Invented(surname, given, father, sex, people.language, year)

    def mother(self, child: Invented) -> str:
        """The name of a child's mother, as the centre notes it."""
        people = self.used[child.surname, child.given_name]
        return f"{feminine(child.surname)} {self.chance.choice(people.women)}"
