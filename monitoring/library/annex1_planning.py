"""Annex 1, sections 7 and 8: the centre's documents; goals, programmes and ways of teaching, graded."""

from ..instruments import SectionText
from .wording import graded, heading, say, simple_grade

DOCUMENTS_OF_THE_CENTRE = SectionText(
    "7",
    say("Documents of the centre", "Документы центра", "Орталық құжаттары"),
    say(
        "Yes: the document is for this year and can be shown. Partly: there is one, but it is out of date or not "
        "finished. No: there is none.",
        "Да: документ составлен на этот год, и его можно показать. Частично: он есть, но устарел или не закончен. "
        "Нет: такого документа нет.",
        "Иә: құжат осы жылға арналған және оны көрсетуге болады. Ішінара: құжат бар, бірақ ескірген немесе "
        "аяқталмаған. Жоқ: ондай құжат жоқ.",
    ),
    (
        simple_grade(
            "7.1",
            say("Is there a work plan for the year?", "Есть ли план работы на год?", "Жылдық жұмыс жоспары бар ма?"),
            say(
                "What the centre wants to do this year, by when, and who answers for it.",
                "Что центр намерен сделать за год, к какому сроку и кто за это отвечает.",
                "Орталық биыл не істемек, қай мерзімге дейін және оған кім жауапты.",
            ),
            prefill="document_year_plan",
            aspects=("mission-plan", "documents"),
        ),
        simple_grade(
            "7.2",
            say(
                "Are there operational plans, for a month or a quarter?",
                "Есть ли оперативные планы, на месяц или квартал?",
                "Айға немесе тоқсанға арналған жедел жоспарлар бар ма?",
            ),
            say(
                "Short plans that divide the year’s work into steps.",
                "Короткие планы, которые делят годовую работу на шаги.",
                "Жылдық жұмысты қадамдарға бөлетін қысқа жоспарлар.",
            ),
            prefill="document_operational_plans",
            aspects=("documents",),
        ),
        simple_grade(
            "7.3",
            say(
                "Is there a schedule of lessons that shows their days and times?",
                "Есть ли расписание занятий с днями и часами?",
                "Күндері мен сағаттары көрсетілген сабақ кестесі бар ма?",
            ),
            say(
                "It hangs where trainees can see it, and lessons are held as it says.",
                "Оно висит там, где его видят обучающиеся, и занятия идут по нему.",
                "Ол тыңдаушылар көретін жерде ілулі тұр және сабақтар сол бойынша өтеді.",
            ),
            prefill="document_schedule",
            aspects=("groups-timetable", "documents"),
        ),
        simple_grade(
            "7.4",
            say("Is a journal kept of the lessons?", "Ведётся ли журнал занятий?", "Сабақ журналы жүргізіле ме?"),
            say(
                "For every group: the date, the topic, and who was there.",
                "По каждой группе: дата, тема и кто присутствовал.",
                "Әр топ бойынша: күні, тақырыбы және кімдер болғаны.",
            ),
            prefill="document_journal",
            aspects=("documents",),
        ),
        simple_grade(
            "7.5",
            say(
                "Are the programmes of the courses and lessons on file?",
                "Хранятся ли в центре программы курсов и занятий?",
                "Курстар мен сабақтардың бағдарламалары орталықта сақтаулы ма?",
            ),
            say(
                "On paper or in the computer, so that a new trainer could teach by them.",
                "На бумаге или в компьютере, так, чтобы новый тренер мог по ним вести занятия.",
                "Жаңа тренер солар бойынша сабақ жүргізе алатындай етіп, қағазда немесе компьютерде.",
            ),
            prefill="document_curricula",
            aspects=("documents",),
        ),
    ),
)

GOALS = (
    heading(
        "8.1",
        say("Goals", "Цели", "Мақсаттар"),
        say(
            "What the centre is for, and how it knows whether it gets there.",
            "Для чего работает центр и как он узнаёт, достигает ли своего.",
            "Орталық не үшін жұмыс істейді және мақсатына жеткенін қайдан біледі.",
        ),
    ),
    graded(
        "8.1.1",
        say(
            "Does the centre say clearly what it is for and what it wants to achieve?",
            "Ясно ли центр говорит, для чего он существует и чего хочет достичь?",
            "Орталық не үшін құрылғанын және неге жеткісі келетінін анық айта ма?",
        ),
        say(
            "Yes: mission, goals and tasks are written down, and a newcomer understands them. Where to look: the plans "
            "of the centre.",
            "Да: миссия, цели и задачи записаны, и новому человеку они понятны. Где посмотреть: планы центра.",
            "Иә: миссия, мақсаттар мен міндеттер жазылған және жаңа келген адамға түсінікті. Қайдан қарауға болады: "
            "орталық жоспарлары.",
        ),
        aspects=("mission-plan",),
    ),
    graded(
        "8.1.2",
        say(
            "Do the members of the committee know the mission, the goals and the tasks?",
            "Знают ли члены комитета миссию, цели и задачи центра?",
            "Комитет мүшелері орталықтың миссиясын, мақсаттары мен міндеттерін біле ме?",
        ),
        say(
            "Ask two or three of them to say it in their own words. Where to look: what they answer, the minutes of "
            "their meetings.",
            "Попросите двух-трёх членов комитета рассказать о них своими словами. Где посмотреть: их ответы, протоколы "
            "заседаний.",
            "Екі-үш мүшеден өз сөзімен айтып беруін сұраңыз. Қайдан қарауға болады: олардың жауаптары, отырыс "
            "хаттамалары.",
        ),
        aspects=("committee",),
    ),
    graded(
        "8.1.3",
        say(
            "Do the programmes taken together serve all of these goals and tasks?",
            "Отвечают ли программы в совокупности всем этим целям и задачам?",
            "Бағдарламалар жиынтығында осы мақсаттар мен міндеттердің бәріне сай ма?",
        ),
        say(
            "Partly: for some goal there is no programme. Where to look: the programmes beside the goals.",
            "Частично: для какой-то из целей программы нет. Где посмотреть: сопоставьте программы с целями.",
            "Ішінара: қайсыбір мақсатқа арналған бағдарлама жоқ. Қайдан қарауға болады: бағдарламаларды мақсаттармен "
            "салыстырыңыз.",
        ),
        aspects=("mission-plan", "programmes"),
    ),
    graded(
        "8.1.4",
        say(
            "Does the centre check all the time how far its goals are reached, and change its work accordingly?",
            "Следит ли центр постоянно за тем, как достигаются цели, и меняет ли по итогам свою работу?",
            "Орталық мақсаттарына қалай жетіп жатқанын үнемі қадағалап, соған қарай жұмысын өзгерте ме?",
        ),
        say(
            "Yes only if both hold: it is checked, and something changed because of it. Where to look: reports, plans.",
            "Да, только если верно и то и другое: итоги отслеживаются и из-за них что-то изменилось. Где посмотреть: "
            "отчёты, планы.",
            "Екеуі де дұрыс болса ғана «иә»: қадағаланады және соның салдарынан бірдеңе өзгерді. Қайдан қарауға "
            "болады: есептер, жоспарлар.",
        ),
        aspects=("monitoring",),
    ),
    graded(
        "8.1.5",
        say(
            "Does the centre find out what its courses have brought the trainees?",
            "Выясняет ли центр, что дали курсы обучающимся?",
            "Орталық курстардың тыңдаушыларға не бергенін анықтай ма?",
        ),
        say(
            "For example whether they were satisfied, and found work or began something of their own afterwards. Where "
            "to look: satisfaction slips, talks with former trainees.",
            "Например, довольны ли они, нашли ли потом работу, начали ли своё дело. Где посмотреть: отзывы после "
            "занятий, беседы с теми, кто уже закончил обучение.",
            "Мысалы, олар риза ма, кейін жұмыс тапты ма, өз ісін бастады ма. Қайдан қарауға болады: сабақтан кейінгі "
            "пікірлер, оқуын бітіргендермен әңгіме.",
        ),
        aspects=("monitoring",),
    ),
)

PROGRAMMES = (
    heading(
        "8.2",
        say("Programmes", "Программы", "Бағдарламалар"),
        say(
            "What is taught, and how it fits the people who come.",
            "Чему учат в центре и подходит ли это тем, кто приходит.",
            "Орталықта не оқытылады және ол келетін адамдарға сай ма.",
        ),
    ),
    graded(
        "8.2.1",
        say(
            "Is there a written programme for every course?",
            "Есть ли письменная программа для каждого курса?",
            "Әр курстың жазбаша бағдарламасы бар ма?",
        ),
        say(
            "With topics and hours. Partly: for some courses only. Where to look: the programmes.",
            "С темами и часами. Частично: только для некоторых курсов. Где посмотреть: программы.",
            "Тақырыптары мен сағаттары көрсетілген. Ішінара: кейбір курстарда ғана. Қайдан қарауға болады: "
            "бағдарламалар.",
        ),
        prefill="curricula_available",
        aspects=("programmes",),
    ),
    graded(
        "8.2.2",
        say(
            "Are there enough new seminars for what the target groups want to learn besides?",
            "Достаточно ли новых семинаров для того, чему ещё хотят учиться целевые группы?",
            "Нысаналы топтардың тағы үйренгісі келетініне жаңа семинарлар жете ме?",
        ),
        say(
            "Think of wishes that no course has met so far. Where to look: the needs study, requests, waiting lists.",
            "Вспомните о пожеланиях, на которые пока нет курса. Где посмотреть: изучение потребностей, просьбы, листы "
            "ожидания.",
            "Әзірге бірде-бір курс қамтымаған тілектерді ескеріңіз. Қайдан қарауға болады: қажеттіліктерді зерделеу, "
            "өтініштер, күту тізімдері.",
        ),
        aspects=("target-groups", "profile"),
    ),
    graded(
        "8.2.3",
        say(
            "Do the courses form a clear structure that follows from the mission and the goals?",
            "Складываются ли курсы в ясную систему, которая вытекает из миссии и целей?",
            "Курстар миссия мен мақсаттардан туындайтын айқын жүйе құрай ма?",
        ),
        say(
            "It is clear which course comes first and which goes further, and why the centre offers each. Where to "
            "look: the plan, the list of courses.",
            "Понятно, какой курс начальный, какой его продолжает и зачем центр предлагает каждый из них. Где "
            "посмотреть: план, перечень курсов.",
            "Қай курс бастапқы, қайсысы оның жалғасы екені және әрқайсысы не үшін ұсынылатыны түсінікті. Қайдан "
            "қарауға болады: жоспар, курстар тізбесі.",
        ),
        aspects=("programmes",),
    ),
    graded(
        "8.2.4",
        say(
            "Does the content of the programmes fit what the people here need?",
            "Отвечает ли содержание программ потребностям местных жителей?",
            "Бағдарламалардың мазмұны жергілікті тұрғындардың қажеттіліктеріне сай ма?",
        ),
        say(
            "Yes only if you have asked them. Where to look: the needs study, talks with trainees.",
            "Да, только если вы их спрашивали. Где посмотреть: изучение потребностей, беседы с обучающимися.",
            "Өздерінен сұраған болсаңыз ғана «иә». Қайдан қарауға болады: қажеттіліктерді зерделеу, тыңдаушылармен "
            "әңгіме.",
        ),
        aspects=("profile", "programmes"),
    ),
    graded(
        "8.2.5",
        say(
            "Do the programmes give enough room to social, vocational, business and computer skills?",
            "Достаточно ли в программах места для социальных, профессиональных, предпринимательских и компьютерных "
            "навыков?",
            "Бағдарламаларда әлеуметтік, кәсіптік, кәсіпкерлік және компьютерлік дағдыларға жеткілікті орын берілген "
            "бе?",
        ),
        say(
            "Yes: all four are there. Where to look: topics and hours in the programmes.",
            "Да: есть все четыре. Где посмотреть: темы и часы в программах.",
            "Иә: төртеуі де бар. Қайдан қарауға болады: бағдарламалардағы тақырыптар мен сағаттар.",
        ),
        aspects=("profile",),
    ),
)

ASKED_WITH_METHODS = {"depends_on": "8.3.1", "depends_values": ("yes", "partly")}

METHODS = (
    heading(
        "8.3",
        say("Ways of teaching", "Методы обучения", "Оқыту әдістері"),
        say(
            "How lessons are held.",
            "Как проходят занятия.",
            "Сабақтар қалай өтеді.",
        ),
    ),
    graded(
        "8.3.1",
        say(
            "Do trainers use methods that start from the person who learns?",
            "Применяют ли тренеры методы, которые исходят из самого обучающегося?",
            "Тренерлер тыңдаушының өзіне негізделген әдістерді қолдана ма?",
        ),
        say(
            "Yes or Partly opens five questions on what that means in a lesson. Where to look: the programmes, what "
            "trainees and trainers say.",
            "При ответе «да» или «частично» откроются пять вопросов о том, что это значит на занятии. Где посмотреть: "
            "программы, опрос обучающихся и тренеров.",
            "«Иә» немесе «ішінара» деп жауап берсеңіз, бұл сабақта нені білдіретіні туралы бес сұрақ ашылады. Қайдан "
            "қарауға болады: бағдарламалар, тыңдаушылар мен тренерлердің айтқандары.",
        ),
        aspects=("programmes",),
    ),
    simple_grade(
        "8.3.1.1",
        say(
            "Do lessons make people like to learn?",
            "Пробуждают ли занятия желание учиться?",
            "Сабақтар адамның оқуға деген ынтасын оята ма?",
        ),
        say(
            "For example praise, tasks that succeed, topics from one’s own life.",
            "Например, похвала, посильные задания, темы из собственной жизни.",
            "Мысалы, мақтау, қолдан келетін тапсырмалар, өз өмірінен алынған тақырыптар.",
        ),
        **ASKED_WITH_METHODS,
    ),
    simple_grade(
        "8.3.1.2",
        say(
            "Are lessons and practical tasks built around a problem to be solved?",
            "Строятся ли занятия и практические задания вокруг задачи, которую надо решить?",
            "Сабақтар мен практикалық тапсырмалар шешілуі тиіс мәселеге құрыла ма?",
        ),
        say(
            "For example: sew an apron to measure, write a letter to the akimat.",
            "Например: сшить фартук по мерке, написать письмо в акимат.",
            "Мысалы: өлшемге сай алжапқыш тігу, әкімдікке хат жазу.",
        ),
        **ASKED_WITH_METHODS,
    ),
    simple_grade(
        "8.3.1.3",
        say(
            "Do lessons build on what the trainees already know and can do?",
            "Опираются ли занятия на то, что обучающиеся уже знают и умеют?",
            "Сабақтар тыңдаушылардың бұрыннан білетініне және қолынан келетініне сүйене ме?",
        ),
        say(
            "For example, trainers ask about it on the first day and form groups by it.",
            "Например, тренер спрашивает об этом в первый день и с учётом этого составляет группы.",
            "Мысалы, тренер бұл туралы бірінші күні сұрап, топтарды соған қарай құрады.",
        ),
        **ASKED_WITH_METHODS,
    ),
    simple_grade(
        "8.3.1.4",
        say(
            "Do trainees work by themselves in small groups?",
            "Работают ли обучающиеся самостоятельно в малых группах?",
            "Тыңдаушылар шағын топтарда өз бетінше жұмыс істей ме?",
        ),
        say(
            "Two to five people who find the answer together, while the trainer helps.",
            "От двух до пяти человек вместе находят решение, а тренер помогает.",
            "Екіден беске дейін адам шешімді бірге табады, тренер көмектеседі.",
        ),
        **ASKED_WITH_METHODS,
    ),
    simple_grade(
        "8.3.1.5",
        say(
            "Do trainees judge for themselves how they learn and what they have achieved?",
            "Оценивают ли обучающиеся сами, как они учатся и чего достигли?",
            "Тыңдаушылар қалай оқып жатқанын және неге жеткенін өздері бағалай ма?",
        ),
        say(
            "For example, at the end of a topic each says what went well and what to practise.",
            "Например, в конце темы каждый говорит, что получилось, а что надо ещё отработать.",
            "Мысалы, тақырып соңында әркім не шыққанын, нені әлі жаттықтыру керегін айтады.",
        ),
        **ASKED_WITH_METHODS,
    ),
    graded(
        "8.3.2",
        say(
            "Do methods and teaching aids change when results or trainees call for it?",
            "Меняются ли методы и средства обучения, когда этого требуют результаты или обучающиеся?",
            "Нәтижелер немесе тыңдаушылар талап еткенде оқыту әдістері мен құралдары өзгере ме?",
        ),
        say(
            "Give one example from this period if you can. Where to look: the programmes, what trainees and trainers "
            "say.",
            "Приведите пример из этого периода, если он есть. Где посмотреть: программы, опрос обучающихся и тренеров.",
            "Мүмкін болса, осы мерзімнен бір мысал келтіріңіз. Қайдан қарауға болады: бағдарламалар, тыңдаушылар мен "
            "тренерлердің айтқандары.",
        ),
        aspects=("programmes",),
    ),
)

PLANNING = SectionText(
    "8",
    say("Planning and teaching", "Планирование и обучение", "Жоспарлау және оқыту"),
    say(
        "Choose Yes, Partly or No, and name what you rest it on: a document, a talk, a survey. If something should "
        "become different, write a proposal: it can grow into a recommendation of the monitoring.",
        "Выберите «да», «частично» или «нет» и назовите, на чём основан ответ: документ, беседа, опрос. Если что-то "
        "нужно изменить, напишите предложение: оно может стать рекомендацией мониторинга.",
        "«Иә», «ішінара» немесе «жоқ» дегенді таңдап, жауап неге негізделгенін атаңыз: құжат, әңгіме, сауалнама. "
        "Бірдеңені өзгерту керек болса, ұсыныс жазыңыз: ол мониторинг ұсынымына айналуы мүмкін.",
    ),
    (*GOALS, *PROGRAMMES, *METHODS),
)
