"""The monitoring of June 2005: the template of twelve aspects and the cycle.

Findings: `cells_2005`; conclusions and recommendations: `conclusions_2005`; how far the review has come: `review_2005`.
Facts: §6.2 to §6.5 of the final report 2002-2005, said in our own words.
"""

from datetime import date

from .cells_2005 import CELLS
from .conclusions_2005 import CONCLUSIONS
from .review_2005 import COMMENTS, DRAFTS, RETURNED, SUBMITTED, state_of
from .shapes import Aspect, Cycle, Text

__all__ = [
    "ASPECTS",
    "CELLS",
    "COMMENTS",
    "CONCLUSIONS",
    "CYCLE",
    "DRAFTS",
    "RETURNED",
    "SUBMITTED",
    "TEMPLATE_TITLE",
    "TEMPLATE_VERSION",
    "state_of",
]

TEMPLATE_VERSION = 1
TEMPLATE_TITLE = Text(
    en="Matrix of twelve aspects",
    ru="Матрица из двенадцати аспектов",
    kk="Он екі аспектіден тұратын матрица",
)

CYCLE = Cycle(
    code="2005",
    title=Text(en="Monitoring 2005", ru="Мониторинг 2005 года", kk="2005 жылғы мониторинг"),
    period_start=date(2005, 1, 1),
    period_end=date(2005, 6, 30),
    visits_start=date(2005, 6, 17),
    visits_end=date(2005, 6, 23),
    methods=Text(
        en="A visit to each of the seven centres; watching lessons; reading documents; talks with heads, facilitators, "
        "committee members, trainees and partners; telephone interviews with former trainees; a questionnaire.",
        ru="Выезд в каждый из семи центров; посещение занятий; изучение документов; беседы с руководителями, "
        "фасилитаторами, членами комитетов, обучающимися и партнёрами; телефонные интервью с теми, кто уже прошёл "
        "обучение; анкета.",
        kk="Жеті орталықтың әрқайсысына шығып көру; сабақтарға қатысу; құжаттарды зерделеу; басшылармен, "
        "фасилитаторлармен, комитет мүшелерімен, тыңдаушылармен және серіктестермен әңгімелесу; бұрын оқығандармен "
        "телефон арқылы сұхбат; сауалнама.",
    ),
    sources=Text(
        en="The plans for 2005; reports on programmes, courses and money; what the centres noted of their own work; "
        "lesson journals, photographs and attendance lists; questionnaires of trainers and trainees; comments by "
        "partners.",
        ru="Планы работы на 2005 год; отчёты о программах, обучении и финансах; отчёты центров о собственном "
        "мониторинге; журналы занятий, фотографии и списки участников; анкеты тренеров и обучающихся; отзывы "
        "партнёров.",
        kk="2005 жылға арналған жұмыс жоспарлары; бағдарламалар, оқыту және қаржы туралы есептер; орталықтардың өз "
        "мониторингі туралы есептері; сабақ журналдары, фотосуреттер және қатысушылар тізімдері; тренерлер мен "
        "тыңдаушылардың сауалнамалары; серіктестердің пікірлері.",
    ),
)

ASPECTS = (
    Aspect(
        1,
        "mission-plan",
        Text("Mission, strategy and plan", "Миссия, стратегия и план работы", "Миссия, стратегия және жұмыс жоспары"),
        Text(
            en="Whether the centre says clearly what it is for, has a plan for the year, and has acted on the last "
            "round.",
            ru="Ясно ли центр формулирует своё назначение, есть ли у него план на год и что сделано по итогам "
            "прошлого мониторинга.",
            kk="Орталық өз мақсатын анық айта ала ма, жылдық жоспары бар ма және өткен мониторинг қорытындысы бойынша "
            "не істелді.",
        ),
    ),
    Aspect(
        2,
        "target-groups",
        Text(
            "Target groups and data on their needs",
            "Целевые группы и база данных об их потребностях",
            "Нысаналы топтар және олардың қажеттіліктері туралы дерекқор",
        ),
        Text(
            en="Whom the centre serves, and whether it keeps and renews a database of what they need to learn.",
            ru="Для кого работает центр, ведёт ли он базу данных об образовательных потребностях и обновляет ли её.",
            kk="Орталық кімдерге қызмет көрсетеді, білім алу қажеттіліктері туралы дерекқор жүргізе ме және оны "
            "жаңарта ма.",
        ),
    ),
    Aspect(
        3,
        "profile",
        Text(
            "Lines of work and study of needs",
            "Направления работы и изучение потребностей",
            "Жұмыс бағыттары және қажеттіліктерді зерделеу",
        ),
        Text(
            en="What the centre offers, and whether the offer follows from a study of local needs.",
            ru="Что предлагает центр и опирается ли это на изучение потребностей местных жителей.",
            kk="Орталық не ұсынады және ол жергілікті тұрғындардың қажеттіліктерін зерделеуге негізделген бе.",
        ),
    ),
    Aspect(
        4,
        "programmes",
        Text("Programmes and ways of teaching", "Программы и методы обучения", "Бағдарламалар және оқыту әдістері"),
        Text(
            en="Which programmes exist, how long they last, and whether they fit the level and needs of the trainees.",
            ru="Какие есть программы, какова их продолжительность и подходят ли они обучающимся по уровню и "
            "потребностям.",
            kk="Қандай бағдарламалар бар, олар қанша уақытқа созылады және тыңдаушылардың деңгейі мен қажеттіліктеріне "
            "сай ма.",
        ),
    ),
    Aspect(
        5,
        "groups-timetable",
        Text("Groups and timetable", "Группы и расписание занятий", "Топтар және сабақ кестесі"),
        Text(
            en="How many groups and trainees there are, and whether lessons are held when people can come.",
            ru="Сколько групп и обучающихся и удобно ли людям время занятий.",
            kk="Топтар мен тыңдаушылардың саны қанша және сабақ уақыты адамдарға ыңғайлы ма.",
        ),
    ),
    Aspect(
        6,
        "trainers",
        Text("Trainers", "Тренеры", "Тренерлер"),
        Text(
            en="Who teaches, with what qualification, and who pays them.",
            ru="Кто ведёт занятия, какова квалификация тренеров и кто оплачивает их труд.",
            kk="Сабақты кім жүргізеді, тренерлердің біліктілігі қандай және олардың еңбегіне кім ақы төлейді.",
        ),
    ),
    Aspect(
        7,
        "equipment",
        Text("Equipment", "Состояние оборудования", "Жабдықтың жай-күйі"),
        Text(
            en="What of the computers, machines and office equipment works, and what does not.",
            ru="Что из компьютеров, швейных машин и оргтехники исправно, а что нет.",
            kk="Компьютерлердің, тігін машиналарының және кеңсе техникасының қайсысы жұмыс істейді, қайсысы істемейді.",
        ),
    ),
    Aspect(
        8,
        "partnership",
        Text("Partners and networks", "Партнёры и сетевое взаимодействие", "Серіктестер және желілік өзара іс-қимыл"),
        Text(
            en="With whom the centre works, and what the partners bring.",
            ru="С кем сотрудничает центр и каков вклад партнёров.",
            kk="Орталық кімдермен ынтымақтасады және серіктестердің үлесі қандай.",
        ),
    ),
    Aspect(
        9,
        "monitoring",
        Text(
            "Monitoring, figures and self-assessment",
            "Мониторинг, статистика и самооценка",
            "Мониторинг, статистика және өзін-өзі бағалау",
        ),
        Text(
            en="Whether the centre watches its own results, and how many people it has trained in the period.",
            ru="Отслеживает ли центр свои результаты и сколько человек обучено за отчётный период.",
            kk="Орталық өз нәтижелерін қадағалай ма және есепті мерзімде қанша адам оқытылды.",
        ),
    ),
    Aspect(
        10,
        "committee",
        Text("Committee of the centre", "Комитет центра", "Орталық комитеті"),
        Text(
            en="Whether the committee is well composed, meets, decides, and sees its decisions through.",
            ru="Удачен ли состав комитета, собирается ли он, принимает ли решения и добивается ли их выполнения.",
            kk="Комитеттің құрамы оңтайлы ма, ол жиналып, шешім қабылдай ма және шешімдердің орындалуын қадағалай ма.",
        ),
    ),
    Aspect(
        11,
        "documents",
        Text("Documents and records", "Документация и учёт", "Құжаттама және есепке алу"),
        Text(
            en="Whether plans, journals, lists and reports are kept regularly and in order.",
            ru="Регулярно ли ведутся планы, журналы, списки и отчёты и содержатся ли они в порядке.",
            kk="Жоспарлар, журналдар, тізімдер мен есептер тұрақты жүргізіле ме және ретке келтірілген бе.",
        ),
    ),
    Aspect(
        12,
        "experience",
        Text("Experience and difficulties", "Опыт и трудности", "Тәжірибе және қиындықтар"),
        Text(
            en="What has worked and is worth passing on to others, and what stands in the way.",
            ru="Что удалось и чем стоит поделиться с другими, а что мешает работе.",
            kk="Не сәтті болды және басқалармен бөлісуге тұрарлық, ал жұмысқа не кедергі келтіреді.",
        ),
    ),
)
