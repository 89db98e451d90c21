"""Annex 1, sections 3 to 6: trainees, trainers, money, and with whom the centre works."""

from ..instruments import Kind, Options, SectionText
from ..levels import Level
from .wording import choice, column, question, row, say

TRAINEES = SectionText(
    "3",
    say("Trainees", "Обучающиеся", "Тыңдаушылар"),
    say(
        "Everything here is about the period that the round covers. Count people, not visits.",
        "Всё здесь относится к отчётному периоду цикла. Считайте людей, а не посещения.",
        "Мұндағының бәрі кезеңнің есепті мерзіміне қатысты. Келу санын емес, адамдарды санаңыз.",
    ),
    (
        question(
            "3.1",
            Kind.OPEN_TABLE,
            say(
                "How many people took part in each programme?",
                "Сколько человек обучалось по каждой программе?",
                "Әр бағдарлама бойынша қанша адам оқыды?",
            ),
            say(
                "One row for each programme. Somebody who was in several groups of one programme counts once in its "
                "row; somebody in two programmes stands in two rows, so the sum can be larger than the number of "
                "people. Men and women together make the total.",
                "Одна строка на каждую программу. Кто занимался в нескольких группах одной программы, считается в её "
                "строке один раз; кто учился по двум программам, входит в две строки, поэтому итог может быть больше "
                "числа людей. Мужчины и женщины вместе дают общее число.",
                "Әр бағдарламаға бір жол. Бір бағдарламаның бірнеше тобына қатысқан адам оның жолында бір рет "
                "саналады; екі бағдарлама бойынша оқыған адам екі жолға кіреді, сондықтан қорытынды адам санынан көп "
                "болуы мүмкін. Ерлер мен әйелдердің қосындысы жалпы санға тең.",
            ),
            required=True,
            options=Options(
                columns=(
                    column("curriculum", "Programme", "Программа", "Бағдарлама", kind="text"),
                    column("men", "Men", "Мужчины", "Ерлер"),
                    column("women", "Women", "Женщины", "Әйелдер"),
                    column("total", "Total", "Всего", "Барлығы", sum_of=("men", "women")),
                ),
                total_row=True,
            ),
            prefill="trainees_by_programme",
            aspects=("groups-timetable", "monitoring"),
        ),
        question(
            "3.2",
            Kind.NUMBER,
            say(
                "How many of the trainees come from needy families?",
                "Сколько обучающихся из малообеспеченных семей?",
                "Тыңдаушылардың қаншасы аз қамтылған отбасылардан?",
            ),
            say(
                "Count each person once. If you did not ask about it, leave the field empty: unknown is not 0.",
                "Каждого человека считайте один раз. Если вы об этом не спрашивали, оставьте поле пустым: "
                "«неизвестно» не то же самое, что 0.",
                "Әр адамды бір рет санаңыз. Бұл туралы сұрамаған болсаңыз, өрісті бос қалдырыңыз: белгісіз деген 0 "
                "емес.",
            ),
            options=Options(unit=say("people", "человек", "адам")),
            prefill="needy_trainees",
            aspects=("target-groups",),
        ),
        question(
            "3.3",
            Kind.CHOICE,
            say("How well are the lessons attended?", "Какова посещаемость занятий?", "Сабақтарға қатысу қандай?"),
            say(
                "From the lesson journals: how many of 100 places were taken, over all lessons and everybody who was "
                "enrolled. If there are no journals, choose what comes nearest and write in a comment how you know.",
                "По журналам занятий: сколько из 100 мест было занято, если взять все занятия и всех зачисленных. Если "
                "журналов нет, выберите самое близкое и напишите в комментарии, откуда вы это знаете.",
                "Сабақ журналдары бойынша: барлық сабақ пен барлық қабылданған адамды алғанда, 100 орынның қаншасы "
                "толды. Журналдар болмаса, ең жақынын таңдап, қайдан білетініңізді пікірде жазыңыз.",
            ),
            required=True,
            options=Options(
                choices=(
                    choice(
                        "good",
                        "Good: 90 % or more",
                        "Хорошая: 90 % и больше",
                        "Жақсы: 90 % және одан көп",
                        Level.STRONG.value,
                    ),
                    choice(
                        "satisfactory",
                        "Satisfactory: from 65 % to less than 90 %",
                        "Удовлетворительная: от 65 % до 90 %, не включая 90 %",
                        "Қанағаттанарлық: 65 %-дан 90 %-ға дейін, 90 %-ды қоспағанда",
                        Level.PARTLY.value,
                    ),
                    choice(
                        "unsatisfactory",
                        "Unsatisfactory: less than 65 %",
                        "Неудовлетворительная: меньше 65 %",
                        "Қанағаттанарлықсыз: 65 %-дан аз",
                        Level.WEAK.value,
                    ),
                )
            ),
            prefill="attendance_band",
            aspects=("groups-timetable",),
        ),
        question(
            "3.4",
            Kind.CHOICE,
            say(
                "How has the number of trainees changed against the same months a year earlier?",
                "Как изменилось число обучающихся по сравнению с теми же месяцами год назад?",
                "Бір жыл бұрынғы дәл осы айлармен салыстырғанда тыңдаушылар саны қалай өзгерді?",
            ),
            say(
                "A difference of up to 5 % counts as no change. If the centre did not work a year earlier, leave it "
                "open.",
                "Разница до 5 % считается отсутствием изменений. Если год назад центр ещё не работал, не отвечайте.",
                "5 %-ға дейінгі айырма өзгеріс деп саналмайды. Бір жыл бұрын орталық жұмыс істемеген болса, жауап "
                "бермеңіз.",
            ),
            options=Options(
                choices=(
                    choice("increasing", "It grows", "Растёт", "Өсіп келеді", Level.STRONG.value),
                    choice("sustainable", "It stays the same", "Остаётся прежним", "Өзгеріссіз", Level.PARTLY.value),
                    choice("decreasing", "It falls", "Снижается", "Азайып келеді", Level.WEAK.value),
                )
            ),
            prefill="trainee_trend",
            aspects=("groups-timetable",),
        ),
    ),
)

TRAINERS = SectionText(
    "4",
    say("Trainers", "Тренеры", "Тренерлер"),
    say(
        "Everybody who teaches at the centre, paid or not.",
        "Все, кто ведёт занятия в центре, за плату или без неё.",
        "Орталықта ақылы немесе тегін сабақ жүргізетіндердің бәрі.",
    ),
    (
        question(
            "4.1",
            Kind.FIXED_TABLE,
            say(
                "How many trainers are there, and who pays them?",
                "Сколько в центре тренеров и кто оплачивает их труд?",
                "Орталықта қанша тренер бар және олардың еңбегіне кім ақы төлейді?",
            ),
            say(
                "Each trainer stands in one row: by who pays for most of the lessons. The second column counts "
                "those of them who hold a certificate or diploma for what they teach.",
                "Каждый тренер входит в одну строку: по тому, кто оплачивает большую часть занятий. Во втором столбце "
                "те из них, у кого есть удостоверение или диплом по предмету, который они ведут.",
                "Әр тренер бір жолға кіреді: сабақтарының көбіне кім төлейтініне қарай. Екінші бағанда өзі жүргізетін "
                "пән бойынша куәлігі немесе дипломы барлар.",
            ),
            required=True,
            options=Options(
                rows=(
                    row("centre", "Paid by the centre", "Оплачивает центр", "Орталық төлейді"),
                    row("akimat", "Paid by the akimat", "Оплачивает акимат", "Әкімдік төлейді"),
                    row(
                        "employment_centre",
                        "Paid by the employment centre",
                        "Оплачивает центр занятости",
                        "Жұмыспен қамту орталығы төлейді",
                    ),
                    row("project", "Paid by a project", "Оплачивает проект", "Жоба төлейді"),
                    row("volunteer", "Volunteers, unpaid", "Волонтёры, без оплаты", "Еріктілер, ақысыз"),
                ),
                columns=(
                    column("number", "Trainers", "Тренеров", "Тренерлер саны"),
                    column("certified", "Of these certified", "Из них с удостоверением", "Олардың куәлігі барлары"),
                ),
                total_row=True,
            ),
            prefill="staff",
            aspects=("trainers",),
        ),
        question(
            "4.2",
            Kind.LONG_TEXT,
            say(
                "How well are the trainers prepared for what they teach?",
                "Насколько тренеры подготовлены к тому, что они преподают?",
                "Тренерлер өздері оқытатын нәрсеге қаншалықты дайын?",
            ),
            say(
                "Their professions and experience, the seminars they attended in this period, and what they would "
                "still like to learn. Leave out names.",
                "Профессии и опыт, семинары, на которых они были в этом периоде, и чему они ещё хотели бы научиться. "
                "Имён не называйте.",
                "Мамандықтары мен тәжірибесі, осы мерзімде қатысқан семинарлары және тағы неге үйренгісі келетіні. "
                "Есімдерді атамаңыз.",
            ),
            aspects=("trainers",),
        ),
    ),
)

MONEY = SectionText(
    "5",
    say("Money", "Финансы", "Қаржы"),
    say(
        "Amounts in tenge.",
        "Суммы в тенге.",
        "Сомалар теңгемен.",
    ),
    (
        question(
            "5.1",
            Kind.FIXED_TABLE,
            say(
                "What money came in, and what do you expect for next year?",
                "Какие средства поступили и чего вы ожидаете в следующем году?",
                "Қандай қаражат түсті және келесі жылы не күтесіз?",
            ),
            say(
                "This year: what has come in so far. Write 0 where you know that nothing came; leave a field empty "
                "where you do not know. The two rows “of which” are parts of the education services; the sum does not "
                "count them once more.",
                "Этот год: что поступило к настоящему времени. Где точно ничего не поступало, поставьте 0; где вы не "
                "знаете, оставьте поле пустым. Две строки «из них» входят в образовательные услуги, и в сумме они "
                "второй раз не считаются.",
                "Биыл: осы уақытқа дейін түскені. Ештеңе түспегені анық болса, 0 қойыңыз; білмесеңіз, өрісті бос "
                "қалдырыңыз. «Оның ішінде» деген екі жол білім беру қызметтеріне кіреді, қосындыда олар екінші рет "
                "саналмайды.",
            ),
            required=True,
            options=Options(
                rows=(
                    row("main_budget", "Main budget", "Основной бюджет", "Негізгі бюджет"),
                    row("grants", "Grants", "Гранты", "Гранттар"),
                    row("rent", "Rent of rooms", "Аренда помещений", "Үй-жайды жалға беру"),
                    row("education", "Education services", "Образовательные услуги", "Білім беру қызметтері"),
                    row(
                        "education_payable",
                        "of which paid by the trainees themselves",
                        "из них платные, за счёт обучающихся",
                        "оның ішінде ақылы, тыңдаушылардың есебінен",
                        part_of="education",
                    ),
                    row(
                        "education_placement",
                        "of which by agreement with the employment service",
                        "из них по договору со службой занятости",
                        "оның ішінде жұмыспен қамту қызметімен келісім бойынша",
                        part_of="education",
                    ),
                    row("production", "Production and orders", "Производство и заказы", "Өндіріс және тапсырыстар"),
                    row(
                        "sponsors",
                        "Sponsors: organisations and people",
                        "Спонсоры: организации и частные лица",
                        "Демеушілер: ұйымдар мен жеке адамдар",
                    ),
                ),
                columns=(
                    column("year", "This year", "В этом году", "Биыл", decimals=2),
                    column(
                        "forecast", "Next year, expected", "Прогноз на следующий год", "Келесі жылға болжам", decimals=2
                    ),
                ),
                total_row=True,
            ),
            prefill="incomes",
        ),
    ),
)

RELATIONS = SectionText(
    "6",
    say("Outside relations", "Внешние связи", "Сыртқы байланыстар"),
    questions=(
        question(
            "6.1",
            Kind.LONG_TEXT,
            say(
                "With whom does the centre work together, and what does each give?",
                "С кем сотрудничает центр и что даёт каждый партнёр?",
                "Орталық кімдермен ынтымақтасады және әр серіктес не береді?",
            ),
            say(
                "Authorities, schools, organisations, businesses, other centres. Say with whom there is a written "
                "agreement, who helped in this period, and with whom you would like to begin.",
                "Органы власти, школы, организации, предприятия, другие центры. Отметьте, с кем есть письменное "
                "соглашение, кто помогал в этом периоде и с кем вы хотели бы начать работать.",
                "Билік органдары, мектептер, ұйымдар, кәсіпорындар, басқа орталықтар. Кіммен жазбаша келісім бар, осы "
                "мерзімде кім көмектесті және кіммен жұмысты бастағыңыз келетінін жазыңыз.",
            ),
            required=True,
            prefill="partners",
            aspects=("partnership",),
        ),
    ),
)
