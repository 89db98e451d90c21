"""The network, its project, and the demo's accounts. Centres: `centres`; geography: `places`."""

from datetime import date

from .centres import CENTRES
from .places import UNITS
from .shapes import Account, Network, Organisation, Project, Text

__all__ = ["ACCOUNTS", "CENTRES", "NETWORK", "PROJECTS", "UNITS"]

NETWORK = Network(
    code="kazakhstan",
    name=Text(
        en="Community Learning Centres of Kazakhstan",
        ru="Общественные учебные центры Казахстана",
        kk="Қазақстанның қоғамдық оқу орталықтары",
    ),
    short_name=Text(en="CLC Kazakhstan", ru="ОУЦ Казахстана", kk="Қазақстан ҚОО"),
)

PROJECTS = (
    Project(
        code="clc-2002-2005",
        name=Text(
            en="Community Learning Centres in Kazakhstan, 2002–2005",
            ru="Общественные учебные центры в Казахстане, 2002–2005 годы",
            kk="Қазақстандағы қоғамдық оқу орталықтары, 2002–2005 жылдар",
        ),
        organisations=(
            Organisation(
                Text(
                    en="UNESCO, APPEAL programme (Bangkok)",
                    ru="ЮНЕСКО, программа APPEAL (Бангкок)",
                    kk="ЮНЕСКО, APPEAL бағдарламасы (Бангкок)",
                ),
                "funder",
            ),
            Organisation(
                Text(en="Japan, through UNESCO", ru="Япония, через ЮНЕСКО", kk="Жапония, ЮНЕСКО арқылы"), "funder"
            ),
            Organisation(
                Text(en="Norway, through UNESCO", ru="Норвегия, через ЮНЕСКО", kk="Норвегия, ЮНЕСКО арқылы"), "funder"
            ),
            Organisation(
                Text(
                    en="Association “Education for All in Kazakhstan”",
                    ru="Ассоциация «Образование для всех в Казахстане»",
                    kk="«Қазақстанда барлығы үшін білім» қауымдастығы",
                ),
                "implementer",
            ),
            Organisation(
                Text(
                    en="UNESCO Cluster Office in Almaty",
                    ru="Кластерное бюро ЮНЕСКО в Алматы",
                    kk="ЮНЕСКО-ның Алматыдағы кластерлік бюросы",
                ),
                "partner",
            ),
        ),
        start=date(2002, 1, 1),
        end=date(2005, 12, 31),
        goals=Text(
            en="Give people of every age, above all in villages, a place near home where they can go on learning, "
            "and so strengthen the communities they live in.",
            ru="Дать людям любого возраста, прежде всего сельским жителям, место рядом с домом, где можно учиться "
            "всю жизнь, и тем самым укрепить местные сообщества.",
            kk="Кез келген жастағы адамдарға, ең алдымен ауыл тұрғындарына, үйіне жақын жерде өмір бойы оқуға "
            "мүмкіндік беру және сол арқылы жергілікті қоғамдастықтарды нығайту.",
        ),
        expected_results=(
            Text(
                en="Pilot centres are open in the chosen villages and cities, with rooms, equipment and trained staff.",
                ru="В выбранных сёлах и городах открыты пилотные центры с помещениями, оборудованием и обученными "
                "сотрудниками.",
                kk="Таңдалған ауылдар мен қалаларда үй-жайы, жабдығы және оқытылған қызметкерлері бар пилоттық "
                "орталықтар ашылды.",
            ),
            Text(
                en="People from vulnerable groups gain skills for a job, a business of their own and daily life.",
                ru="Люди из уязвимых групп получают навыки для работы, собственного дела и повседневной жизни.",
                kk="Осал топтардағы адамдар жұмысқа, өз кәсібін ашуға және күнделікті өмірге қажет дағдыларды "
                "меңгереді.",
            ),
            Text(
                en="Each centre plans, studies local needs, judges its own work, and carries on when the project ends.",
                ru="Каждый центр умеет планировать, изучать местные потребности и оценивать свою работу и продолжает "
                "работать после завершения проекта.",
                kk="Әр орталық жоспарлай, жергілікті қажеттіліктерді зерделей және өз жұмысын бағалай алады әрі "
                "жоба аяқталғаннан кейін де жұмысын жалғастырады.",
            ),
        ),
        centres=tuple(centre.code for centre in CENTRES),
    ),
)

_STAFF = (
    Account("coordinator", "Dana Akhmetova", "Дана Ахметова", "ru", "coordinator", date(2002, 1, 1)),
    # English, because the findings of the demo are in English.
    Account("expert", "Natalia Voronova", "Наталья Воронова", "en", "expert", date(2004, 1, 1)),
    Account("donor", "Ingrid Solberg", "Ингрид Сольберг", "en", "donor", date(2002, 1, 1), project="clc-2002-2005"),
)


def _facilitator_account(centre):
    person = centre.facilitators[-1]
    return Account(
        username=centre.code,
        name=person.name,
        name_cyrillic=person.name_cyrillic,
        language=centre.language,
        role="facilitator",
        since=person.since,
        centre=centre.code,
    )


# Everyone's password is the loader's business.
ACCOUNTS = _STAFF + tuple(_facilitator_account(centre) for centre in CENTRES)
