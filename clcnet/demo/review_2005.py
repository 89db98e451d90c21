"""How far the review of the 2005 matrix has come: enough is open to show the work, the rest is accepted.

Cells are named by (aspect number, centre code). Facilitators write in Russian or Kazakh, as they would.
"""

from .shapes import Comment

# The coordinator's reasons. Each is a true one: the finding is silent, or another cell says otherwise.
RETURNED = {
    (2, "karabulak"): "Nothing is said about a database of needs. Please ask the facilitator and say so either way.",
    (3, "taraz"): "Have needs been studied? Aspect 12 says they have not; this cell says nothing.",
    (
        7,
        "amanbokter",
    ): "Please add since when the fax and the modem have been out of order, and who was asked to repair them.",
    (8, "nogaibai"): "Aspect 12 says there are no partners to lean on, here there are 5. Which of them helped in 2005?",
}

SUBMITTED = frozenset(
    {
        (1, "karaganda"),
        (3, "amanbokter"),
        (5, "amanbokter"),
        (7, "taraz"),
        (8, "taraz"),
        (9, "kordai"),
        (11, "sortobe"),
        (12, "karaganda"),
    }
)

DRAFTS = frozenset({(7, "kordai"), (10, "kordai"), (11, "taraz"), (12, "amanbokter")})


def state_of(aspect, centre):
    """The state of a cell: draft, submitted, returned or accepted. A returned one has its reason in RETURNED."""
    cell = (aspect, centre)
    if cell in RETURNED:
        return "returned"
    if cell in SUBMITTED:
        return "submitted"
    return "draft" if cell in DRAFTS else "accepted"


COMMENTS = {
    (1, "karaganda"): (
        Comment(
            "expert",
            "Марина Анатольевна, есть ли хотя бы черновик плана на второе полугодие?",
            replies=(
                Comment("karaganda", "Черновик есть, комитет рассмотрит его 5 июля. Пришлю сразу после заседания."),
            ),
        ),
    ),
    (5, "karabulak"): (
        Comment(
            "karabulak",
            "Ремонт закончили 10 июня, с понедельника занимаемся по обычному расписанию.",
            replies=(Comment("expert", "Видела сама, комнаты светлые. Спасибо!"),),
            resolved_by="expert",
        ),
    ),
    (7, "kordai"): (
        Comment(
            "kordai",
            "Екі компьютер наурыздан бері істемейді, факс сәуірде бұзылды. Аудан әкімдігіне хат жаздық, жауап әлі "
            "келген жоқ.",
            replies=(Comment("expert", "Спасибо. Пришлите, пожалуйста, копию письма, сошлёмся на неё."),),
        ),
    ),
    (8, "nogaibai"): (
        Comment(
            "nogaibai",
            "Маусымнан бері жаңадан жұмыс істеп жүрмін. Былтыр колледж бен мектептер көмектескен екен, биыл әзірге "
            "ешкіммен келісім жоқ.",
        ),
    ),
    (9, "sortobe"): (
        Comment(
            "expert",
            "Does “over 1,500” count people or visits? Someone who took two courses should be counted once.",
            replies=(
                Comment(
                    "sortobe",
                    "Считали людей. Кто ходил и на компьютер, и на шитьё, записан один раз; списки лежат в библиотеке.",
                ),
            ),
            resolved_by="expert",
        ),
    ),
    (12, "taraz"): (
        Comment(
            "taraz",
            "Балаларға арналған туризм бағдарламасына биыл ата-аналар да қатысты. Осыны қосуға бола ма?",
        ),
    ),
}
