"""Annex 1, sections 1 and 2: the centre and what it has to teach with."""

from ..instruments import Kind, Options, SectionText
from .wording import column, question, row, say

CENTRE = SectionText(
    "1",
    say("About the centre", "Сведения о центре", "Орталық туралы мәліметтер"),
    say(
        "Check what is written here already, and correct what is out of date.",
        "Проверьте то, что уже вписано, и исправьте устаревшее.",
        "Жазылып қойған мәліметтерді тексеріп, ескіргенін түзетіңіз.",
    ),
    (
        question(
            "1.1",
            Kind.TEXT,
            say("What is the centre called?", "Как называется центр?", "Орталық қалай аталады?"),
            say(
                "Write the name as it stands on the centre’s letters and notices.",
                "Напишите название так, как оно стоит в письмах и объявлениях центра.",
                "Атауын орталықтың хаттары мен хабарландыруларында қалай жазылса, солай жазыңыз.",
            ),
            required=True,
            prefill="centre_name",
        ),
        question(
            "1.2",
            Kind.TEXT,
            say(
                "Who runs the centre (head or facilitator)?",
                "Кто руководит центром (руководитель или фасилитатор)?",
                "Орталықты кім басқарады (басшы немесе фасилитатор)?",
            ),
            say(
                "Surname, given name and patronymic. If somebody else had the post earlier in this period, add since "
                "when you have been in it.",
                "Фамилия, имя и отчество. Если в этом периоде должность занимал кто-то другой, добавьте, с какого "
                "времени вы её занимаете.",
                "Тегі, аты және әкесінің аты. Осы мерзімде бұл қызметте басқа адам болған болса, сіздің қашаннан бері "
                "істейтініңізді қосып жазыңыз.",
            ),
            required=True,
            prefill="head_name",
        ),
        question(
            "1.3",
            Kind.TEXT,
            say(
                "What is the centre’s address, with the postcode?",
                "Какой у центра адрес, с почтовым индексом?",
                "Орталықтың пошта индексі көрсетілген мекенжайы қандай?",
            ),
            say(
                "The address at which letters reach you, which may be that of the organisation that houses the centre.",
                "Адрес, по которому до вас доходят письма; это может быть адрес принимающей организации.",
                "Сізге хат жететін мекенжай; ол орналастырушы ұйымның мекенжайы болуы мүмкін.",
            ),
            required=True,
            prefill="centre_address",
        ),
        question(
            "1.4",
            Kind.TEXT,
            say(
                "At which telephone and fax numbers can the centre be reached?",
                "По каким номерам телефона и факса можно связаться с центром?",
                "Орталықпен қандай телефон және факс нөмірлері арқылы байланысуға болады?",
            ),
            say(
                "With the area code. If the centre has no telephone, write whose number is to be called instead.",
                "С кодом города или района. Если телефона нет, напишите, по чьему номеру звонить.",
                "Қала немесе аудан кодымен бірге. Телефон болмаса, кімнің нөміріне қоңырау шалу керегін жазыңыз.",
            ),
            prefill="centre_phone",
        ),
        question(
            "1.5",
            Kind.TEXT,
            say(
                "Who chairs the centre’s committee?",
                "Кто председатель комитета центра?",
                "Орталық комитетінің төрағасы кім?",
            ),
            say(
                "Surname, given name and patronymic. If there is no chair at present, write so, and since when.",
                "Фамилия, имя и отчество. Если председателя сейчас нет, так и напишите и укажите, с какого времени.",
                "Тегі, аты және әкесінің аты. Қазір төраға жоқ болса, солай жазып, қашаннан бері екенін көрсетіңіз.",
            ),
            prefill="committee_chair",
            aspects=("committee",),
        ),
        question(
            "1.6",
            Kind.OPEN_TABLE,
            say(
                "What was done after the previous monitoring, and when?",
                "Что и когда сделано по итогам предыдущего мониторинга?",
                "Алдыңғы мониторинг қорытындысы бойынша не және қашан істелді?",
            ),
            say(
                "One row for each measure. Recommendations of the previous round may stand here as a beginning: write "
                "what came of them, and remove those on which nothing was done. Without a previous round, leave the "
                "table empty.",
                "Одна строка на каждую меру. Для начала здесь могут стоять рекомендации прошлого цикла: напишите, что "
                "по ним сделано, и уберите те, по которым не сделано ничего. Если предыдущего мониторинга не было, "
                "оставьте таблицу пустой.",
                "Әр шараға бір жол. Бастапқыда мұнда өткен кезеңнің ұсынымдары тұруы мүмкін: олар бойынша не "
                "істелгенін жазыңыз, ештеңе істелмегендерін алып тастаңыз. Бұрын мониторинг болмаса, кестені бос "
                "қалдырыңыз.",
            ),
            options=Options(
                columns=(
                    column("date", "When", "Когда", "Қашан", kind="date"),
                    column("measure", "What was done", "Что сделано", "Не істелді", kind="text"),
                )
            ),
            prefill="measures",
            aspects=("mission-plan",),
        ),
    ),
)

# The kinds of equipment that the register knows, in its order.
KINDS_OF_EQUIPMENT = (
    row("computer", "Computers", "Компьютеры", "Компьютерлер"),
    row("printer", "Printers", "Принтеры", "Принтерлер"),
    row("scanner", "Scanners", "Сканеры", "Сканерлер"),
    row("copier", "Copiers", "Копировальные аппараты", "Көшіру аппараттары"),
    row("fax", "Fax machines", "Факсы", "Факстар"),
    row("modem", "Modems", "Модемы", "Модемдер"),
    row("phone", "Telephones", "Телефоны", "Телефондар"),
    row("sewing_machine", "Sewing machines", "Швейные машины", "Тігін машиналары"),
    row("overlocker", "Overlockers", "Оверлоки", "Оверлоктар"),
    row("audio_video", "Audio and video sets", "Аудио- и видеотехника", "Аудио және бейне техника"),
    row("projector", "Projectors", "Проекторы", "Проекторлар"),
    row("furniture", "Furniture", "Мебель", "Жиһаз"),
    row("other", "Other equipment", "Другое оборудование", "Басқа жабдық"),
)

EQUIPMENT = SectionText(
    "2",
    say("Equipment and materials", "Оборудование и материалы", "Жабдық және материалдар"),
    say(
        "What the centre has to teach with, at the end of the period.",
        "Чем центр располагает для обучения на конец отчётного периода.",
        "Есепті мерзімнің соңында орталықта оқытуға арналған не бар.",
    ),
    (
        question(
            "2.1",
            Kind.FIXED_TABLE,
            say(
                "How much equipment is there, and how much of it works?",
                "Сколько в центре оборудования и сколько из него исправно?",
                "Орталықта қанша жабдық бар және оның қаншасы жұмыс істейді?",
            ),
            say(
                "Count pieces. What cannot be used in a lesson counts as out of order, even if only a cable is "
                "missing. Working and out of order together make the total. Leave out kinds that the centre does not "
                "have.",
                "Считайте в штуках. То, чем нельзя пользоваться на занятии, считается неисправным, даже если не "
                "хватает одного кабеля. Исправное и неисправное вместе дают общее число. Виды, которых у центра нет, "
                "оставьте пустыми.",
                "Данамен санаңыз. Сабақта қолдануға келмейтін жабдық, бір кабелі ғана жетпесе де, жарамсыз деп "
                "саналады. Жарамдысы мен жарамсызының қосындысы жалпы санға тең. Орталықта жоқ түрлерін бос "
                "қалдырыңыз.",
            ),
            required=True,
            options=Options(
                rows=KINDS_OF_EQUIPMENT,
                columns=(
                    column("total", "Total", "Всего", "Барлығы", sum_of=("working", "broken")),
                    column("working", "Working", "Исправно", "Жарамды"),
                    column("broken", "Out of order", "Неисправно", "Жарамсыз"),
                ),
            ),
            prefill="equipment_state",
            aspects=("equipment",),
        ),
        question(
            "2.2",
            Kind.LONG_TEXT,
            say(
                "Which audio and video aids are there for lessons, and are they enough?",
                "Какие аудио- и видеосредства есть для занятий и хватает ли их?",
                "Сабаққа арналған қандай аудио және бейне құралдар бар, олар жеткілікті ме?",
            ),
            say(
                "Name the sets and the recordings: television, player, cassettes and discs for your courses. Say what "
                "you need most.",
                "Назовите технику и записи: телевизор, плеер, кассеты и диски для ваших курсов. Напишите, чего не "
                "хватает больше всего.",
                "Техника мен жазбаларды атаңыз: теледидар, плеер, курстарыңызға арналған кассеталар мен дискілер. Ең "
                "көп не жетіспейтінін жазыңыз.",
            ),
            prefill="av_aids",
            aspects=("equipment",),
        ),
        question(
            "2.3",
            Kind.LONG_TEXT,
            say(
                "What books and other reading does the centre have for its trainees?",
                "Какие книги и другие издания есть у центра для обучающихся?",
                "Орталықта тыңдаушыларға арналған қандай кітаптар мен басқа басылымдар бар?",
            ),
            say(
                "About how many there are, in which languages, and for which courses. If your trainees use another "
                "library, name it.",
                "Сколько их примерно, на каких языках и для каких курсов. Если обучающиеся пользуются другой "
                "библиотекой, назовите её.",
                "Шамамен қанша, қай тілдерде және қай курстарға арналған. Тыңдаушылар басқа кітапхананы пайдаланса, "
                "соны атаңыз.",
            ),
        ),
    ),
)
