"""A small questionnaire on the four areas that centres work in (§4), each scored from 1 to 4.

It shares nothing with Annex 1. As for levels: the matrix has three, the score has four steps. 1 is weak and 4 is
strong; 2 and 3 both fall into what the matrix calls partly, since nothing there would tell them apart.
"""

from ..instruments import Document, Kind, Options, QuestionText, SectionText
from ..levels import Level
from .wording import choice, question, say

STEPS = (
    choice(
        "step_1",
        "1: we have nothing to offer here",
        "1: в этой области нам нечего предложить",
        "1: бұл салада ұсынатын ештеңеміз жоқ",
        Level.WEAK.value,
    ),
    choice(
        "step_2",
        "2: now and then, when somebody asks",
        "2: время от времени, когда кто-то попросит",
        "2: анда-санда, біреу сұраған кезде",
        Level.PARTLY.value,
    ),
    choice(
        "step_3",
        "3: regularly, for some of those who need it",
        "3: регулярно, для части тех, кому это нужно",
        "3: тұрақты түрде, мұқтаж адамдардың бір бөлігіне",
        Level.PARTLY.value,
    ),
    choice(
        "step_4",
        "4: regularly, for all who need it, and we know what it brings",
        "4: регулярно, для всех, кому это нужно, и мы знаем, что это даёт",
        "4: тұрақты түрде, мұқтаждардың бәріне, әрі оның не беретінін білеміз",
        Level.STRONG.value,
    ),
)


def area(number: int, title: dict, text: dict, guidance: dict) -> SectionText:
    """A section with the score and, where it is low, what stands in the way."""
    score = question(f"{number}.1", Kind.CHOICE, text, guidance, required=True, options=Options(choices=STEPS))
    return SectionText(str(number), title, questions=(score, hindrance(number)))


def hindrance(number: int) -> QuestionText:
    return question(
        f"{number}.2",
        Kind.LONG_TEXT,
        say("What hinders you?", "Что вам мешает?", "Сізге не кедергі?"),
        say(
            "Money, rooms, people, roads, anything. And what would help first.",
            "Деньги, помещение, люди, дороги, что угодно. И что помогло бы прежде всего.",
            "Ақша, үй-жай, адамдар, жол, не болса да. Және ең алдымен не көмектесер еді.",
        ),
        required=True,
        depends_on=f"{number}.1",
        depends_values=("step_1", "step_2"),
    )


FOUR_AREAS = Document(
    key="four-areas",
    title=say("Four areas of work, in short", "Четыре области работы, кратко", "Жұмыстың төрт саласы, қысқаша"),
    guidance=say(
        "Four scores from 1 to 4, for a quick look between two rounds. It takes a quarter of an hour.",
        "Четыре оценки от 1 до 4, чтобы быстро оглядеться между двумя циклами. Это займёт четверть часа.",
        "Екі кезең арасында жағдайды тез шолуға арналған 1-ден 4-ке дейінгі төрт баға. Оған он бес минут кетеді.",
    ),
    sections=(
        area(
            1,
            say(
                "General and vocational education",
                "Общее и профессиональное образование",
                "Жалпы және кәсіптік білім беру",
            ),
            say(
                "How well does the centre help people to catch up on schooling and to learn a trade?",
                "Насколько центр помогает людям восполнить школьное образование и получить профессию?",
                "Орталық адамдарға мектеп білімін толықтыруға және кәсіп үйренуге қаншалықты көмектеседі?",
            ),
            say(
                "Help for pupils and school leavers, retraining, courses for a trade.",
                "Помощь школьникам и выпускникам, переобучение, профессиональные курсы.",
                "Оқушылар мен түлектерге көмек, қайта даярлау, кәсіптік курстар.",
            ),
        ),
        area(
            2,
            say("Quality of life", "Качество жизни", "Өмір сапасы"),
            say(
                "How well does the centre help people to live a healthier and fuller life?",
                "Насколько центр помогает людям жить здоровее и полнее?",
                "Орталық адамдардың салауатты әрі мазмұнды өмір сүруіне қаншалықты көмектеседі?",
            ),
            say(
                "Health, family, culture, leisure, the environment.",
                "Здоровье, семья, культура, досуг, экология.",
                "Денсаулық, отбасы, мәдениет, бос уақыт, экология.",
            ),
        ),
        area(
            3,
            say("Human resources", "Человеческие ресурсы", "Адам ресурстары"),
            say(
                "How well does the centre develop its own staff, its volunteers and local leaders?",
                "Насколько центр развивает своих сотрудников, волонтёров и местных лидеров?",
                "Орталық өз қызметкерлерін, еріктілерді және жергілікті көшбасшыларды қаншалықты дамытады?",
            ),
            say(
                "Training of trainers, work of the committee, people who take something on by themselves.",
                "Обучение тренеров, работа комитета, люди, которые сами берутся за дело.",
                "Тренерлерді оқыту, комитеттің жұмысы, іске өздігінен кірісетін адамдар.",
            ),
        ),
        area(
            4,
            say("Economic development", "Экономическое развитие", "Экономикалық даму"),
            say(
                "How well does the centre help people to earn a living?",
                "Насколько центр помогает людям зарабатывать на жизнь?",
                "Орталық адамдардың күнкөріс табуына қаншалықты көмектеседі?",
            ),
            say(
                "Work, a business of one’s own, saving, products that can be sold.",
                "Работа, своё дело, сбережения, изделия на продажу.",
                "Жұмыс, өз ісін ашу, жинақ, сатуға болатын бұйымдар.",
            ),
        ),
    ),
)
