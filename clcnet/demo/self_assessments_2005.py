"""The seven centres' self-assessments of June 2005, in Annex 1, and how far each has come.

The facts are those of the round (§6.5), the sentences are ours, in the language that each facilitator writes. Most
figures are what the register says; where a centre counts otherwise, it says why. What a centre thinks of itself agrees
with the experts' findings (`cells_2005`) in part: often it is a little higher, at Karabulak and Karaganda once lower.
"""

from datetime import date

from .self_assessments_2005_towns import KARABULAK, KARAGANDA, KORDAI, TARAZ
from .self_assessments_2005_villages import AMANBOKTER, NOGAIBAI, SORTOBE
from .shapes import Comment

QUESTIONNAIRE = "annex-1"
DUE = date(2005, 6, 15)  # two days before the visits

SELF_ASSESSMENTS = {
    "sortobe": SORTOBE,
    "nogaibai": NOGAIBAI,
    "kordai": KORDAI,
    "karabulak": KARABULAK,
    "amanbokter": AMANBOKTER,
    "taraz": TARAZ,
    "karaganda": KARAGANDA,
}

# Who accepted what, with a word to the centre. Nogaibai, new in the post, is halfway through.
ACCEPTED = {
    "sortobe": "Спасибо, особенно за пояснение к числу обучающихся.",
    "karabulak": "Спасибо. О потребностях поговорим на месте.",
    "taraz": "Спасибо за откровенность.",
    "karaganda": "Спасибо. При сравнении с другими центрами возьмём полугодие.",
}
SUBMITTED = {"amanbokter"}
DRAFTS = {"nogaibai"}

# What the expert wants mended, by the question's code.
RETURNED = {
    "kordai": {
        "1.6": "Какие именно меры и что они дали? Назовите хотя бы две, с датами.",
        "7.1": "В ваших документах плана нет, и на месте его не показали. Приложите план или ответьте «нет».",
    },
}

COMMENTS = {
    ("karaganda", "3.1"): Comment(
        "expert",
        "Правильно ли я понимаю, что 755 человек обучены за десять месяцев, а не за полугодие?",
        replies=(Comment("karaganda", "Да, с сентября 2004 года. За январь–июнь по журналам 519."),),
        resolved_by="expert",
    ),
    ("nogaibai", "3.2"): Comment(
        "nogaibai",
        "Менен бұрынғы фасилитатор кейбір отбасылардың жағдайын жазбай кеткен. Кімнен сұрауға болады?",
        replies=(Comment("coordinator", "Спросите в отделе занятости в Кордае: у них есть списки адресной помощи."),),
    ),
    ("amanbokter", "1.4"): Comment(
        "coordinator", "Записано по телефону из акимата: факс и модем центра не работают с декабря."
    ),
    ("taraz", "8.1.2"): Comment("expert", "Кого вы хотели бы видеть в комитете? Обсудим, когда приедем."),
}

# The coordinator's answer to proposals that become no recommendation.
SET_ASIDE = {
    ("taraz", "8.1.2"): "Состав комитета центр определяет сам; Ассоциация готова помочь советом.",
}
