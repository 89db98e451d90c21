"""The ten events at which staff of the centres were trained, 23 days in all (§5); said in our own words."""

from datetime import date

from .shapes import Seminar, Text

OWN_PROJECT = "clc-2002-2005"  # five of the ten; the others were held within other projects

ALMATY = Text("Almaty", "Алматы", "Алматы")
KARAGANDA = Text("Karaganda", "Караганда", "Қарағанды")
ROUND_TABLE = Text("round table", "круглый стол", "дөңгелек үстел")
SEMINAR = Text("seminar", "семинар", "семинар")
PRACTICE = Text("practical training", "практикум", "практикум")
NATIONAL = Text("national seminar", "республиканский семинар", "республикалық семинар")
TRAINERS = Text("training of trainers", "подготовка тренеров", "тренерлер даярлау")
CONFERENCE = Text("international conference", "международная конференция", "халықаралық конференция")

SEMINARS = (
    Seminar(
        1,
        Text(
            "How to begin with learning centres", "Как создать учебные центры", "Оқу орталықтарын қалай құруға болады"
        ),
        date(2002, 7, 24),
        date(2002, 7, 24),
        ALMATY,
        ROUND_TABLE,
        Text(
            "Look at what people in the regions want to learn; agree for whom the centres shall be.",
            "Рассмотреть, чему хотят учиться люди в регионах; договориться, для кого будут центры.",
            "Өңірлердегі адамдардың нені үйренгісі келетінін қарау; орталықтардың кімге арналатынын келісу.",
        ),
        Text(
            "A plan of the first steps towards the centres.",
            "План первых шагов по созданию центров.",
            "Орталықтарды құрудың алғашқы қадамдарының жоспары.",
        ),
        OWN_PROJECT,
    ),
    Seminar(
        2,
        Text("Running a learning centre", "Как работает учебный центр", "Оқу орталығы қалай жұмыс істейді"),
        date(2003, 6, 14),
        date(2003, 6, 18),
        ALMATY,
        SEMINAR,
        Text(
            "For those who will head a centre: planning, money and people, partners, monitoring, papers.",
            "Для будущих руководителей: планирование, средства и люди, партнёры, мониторинг, документы.",
            "Болашақ басшыларға: жоспарлау, қаражат пен адамдар, серіктестер, мониторинг, құжаттар.",
        ),
        Text(
            "Each future head has a plan until the end of 2003.",
            "У каждого будущего руководителя есть план до конца 2003 года.",
            "Әр болашақ басшының 2003 жылдың соңына дейінгі жоспары бар.",
        ),
        OWN_PROJECT,
    ),
    Seminar(
        3,
        Text("Working with local people", "Работа с местными жителями", "Жергілікті тұрғындармен жұмыс"),
        date(2003, 9, 2),
        date(2003, 9, 3),
        ALMATY,
        PRACTICE,
        Text(
            "Write plans for the rest of 2003 and for 2004.",
            "Составить планы до конца 2003 года и на 2004 год.",
            "2003 жылдың соңына дейінгі және 2004 жылға жоспар жасау.",
        ),
        Text(
            "What keeps a centre alive was talked through.",
            "Обсудили, что помогает центру выжить.",
            "Орталықты не сақтап қалатыны талқыланды.",
        ),
        OWN_PROJECT,
    ),
    Seminar(
        4,
        Text("Learning for local development", "Обучение для местного развития", "Жергілікті даму үшін оқыту"),
        date(2004, 6, 22),
        date(2004, 6, 22),
        ALMATY,
        NATIONAL,
        Text(
            "Show authorities and employers what a study of local training has found.",
            "Показать властям и работодателям итоги исследования обучения на местах.",
            "Билік пен жұмыс берушілерге жергілікті оқытуды зерттеу нәтижелерін көрсету.",
        ),
        Text(
            "It was agreed under which conditions training helps a region.",
            "Определены условия, при которых обучение помогает региону.",
            "Оқыту өңірге қандай жағдайда көмектесетіні анықталды.",
        ),
    ),
    Seminar(
        5,
        Text("First steps, and what next", "Первые шаги и что дальше", "Алғашқы қадамдар және бұдан әрі не істейміз"),
        date(2004, 6, 23),
        date(2004, 6, 23),
        ALMATY,
        SEMINAR,
        Text(
            "Compare what the centres have reached and where they are stuck.",
            "Сравнить, чего достигли центры и что им мешает.",
            "Орталықтар неге жеткенін және не кедергі болып тұрғанын салыстыру.",
        ),
        Text(
            "The facilitators' reports were turned into a list of difficulties and ways out.",
            "Из отчётов фасилитаторов составлен список трудностей и путей их решения.",
            "Фасилитаторлардың есептерінен қиындықтар мен олардан шығу жолдарының тізімі жасалды.",
        ),
        OWN_PROJECT,
    ),
    Seminar(
        6,
        Text("Writing proposals for projects", "Как писать проекты", "Жобаны қалай жазуға болады"),
        date(2004, 8, 11),
        date(2004, 8, 12),
        ALMATY,
        SEMINAR,
        Text(
            "Who gives money for education, and how to ask for it.",
            "Кто даёт деньги на образование и как их просить.",
            "Білімге кім ақша береді және оны қалай сұрау керек.",
        ),
        Text(
            "Facilitators practised on a project of their own.",
            "Фасилитаторы потренировались на собственном проекте.",
            "Фасилитаторлар өз жобаларында жаттықты.",
        ),
        OWN_PROJECT,
    ),
    Seminar(
        7,
        Text("Teaching life skills", "Как учить жизненным навыкам", "Өмірлік дағдыларға қалай үйретеміз"),
        date(2004, 9, 20),
        date(2004, 9, 25),
        ALMATY,
        TRAINERS,
        Text(
            "Train trainers: a business of one's own, finding work, coping with change.",
            "Подготовить тренеров: своё дело, поиск работы, умение справляться с переменами.",
            "Тренерлерді даярлау: жеке кәсіп, жұмыс табу, өзгерістерге бейімделу.",
        ),
        Text(
            "Trainers went home with drafts of seminars for their villages.",
            "Тренеры увезли домой наброски семинаров для своих сёл.",
            "Тренерлер ауылдарына арналған семинарлардың жобасын алып қайтты.",
        ),
    ),
    Seminar(
        8,
        Text(
            "Vocational education and learning all life long",
            "Профессиональное образование и учёба всю жизнь",
            "Кәсіптік білім және өмір бойы оқу",
        ),
        date(2004, 10, 18),
        date(2004, 10, 19),
        KARAGANDA,
        CONFERENCE,
        Text(
            "How vocational schools can serve people of every age.",
            "Как профессиональные школы могут служить людям любого возраста.",
            "Кәсіптік мектептер кез келген жастағы адамдарға қалай қызмет ете алады.",
        ),
        Text(
            "Recommendations to the partners of vocational education.",
            "Рекомендации партнёрам профессионального образования.",
            "Кәсіптік білім беру серіктестеріне ұсынымдар.",
        ),
    ),
    Seminar(
        9,
        Text(
            "Teaching sewing and cheese making",
            "Как учить шитью и сыроделию",
            "Тігін мен ірімшік жасауға қалай үйретеміз",
        ),
        date(2004, 12, 25),
        date(2004, 12, 26),
        ALMATY,
        TRAINERS,
        Text(
            "Train trainers in two trades and in selling what is made.",
            "Подготовить тренеров по двум ремёслам и по сбыту сделанного.",
            "Екі кәсіп пен өнімді сату бойынша тренерлер даярлау.",
        ),
        Text(
            "More centres can offer these courses.",
            "Больше центров могут предложить эти курсы.",
            "Бұл курстарды көбірек орталық ұсына алады.",
        ),
    ),
    Seminar(
        10,
        Text("What the centres can become", "Какими могут стать центры", "Орталықтар қандай бола алады"),
        date(2005, 6, 28),
        date(2005, 6, 28),
        ALMATY,
        ROUND_TABLE,
        Text(
            "Talk over the monitoring of 2005 with those who can help.",
            "Обсудить мониторинг 2005 года с теми, кто может помочь.",
            "2005 жылғы мониторингті көмектесе алатындармен талқылау.",
        ),
        Text(
            "A draft plan of what the committees do next.",
            "Проект плана дальнейших действий комитетов.",
            "Комитеттердің келесі қадамдары жоспарының жобасы.",
        ),
    ),
)
