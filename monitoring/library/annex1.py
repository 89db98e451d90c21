"""The questionnaire for a centre's self-assessment (§ Annex 1): eight sections, complete, in our own words.

The printed one numbers its items twice over; here every question has a path as its code, and where a printed part is
one item only (4, 5, 6), its questions count from 1. The bands of attendance have bounds without holes (90 % and 65 %).

The map to the aspects of the matrix names levelled questions, which are compared, and some others, which are only shown
beside a cell. Equipment, trainers, partners and experience have no graded question in Annex 1, so nothing is compared
there. The five sub-points of 8.3.1 are left out of the map: they would count for five beside the question they explain.
"""

from ..instruments import Document
from .annex1_centre import CENTRE, EQUIPMENT
from .annex1_planning import DOCUMENTS_OF_THE_CENTRE, PLANNING
from .annex1_work import MONEY, RELATIONS, TRAINEES, TRAINERS
from .wording import say

ANNEX_1 = Document(
    key="annex-1",
    title=say(
        "Self-assessment of a centre’s educational work",
        "Самооценка образовательной работы центра",
        "Орталықтың білім беру жұмысын өзін-өзі бағалауы",
    ),
    guidance=say(
        "With these questions a centre judges its own work, once in every round of monitoring. Fill it in together: "
        "the facilitator, the trainers and the committee. Nobody is ranked by it. An honest No with a proposal helps "
        "more than a Yes that nothing stands behind. The experts set your answers beside their own findings. Much is "
        "filled in already from what the centre has entered during the year: check it, and where you know better, "
        "write your own number and a word on why. You can stop at any time and go on another day.",
        "С помощью этих вопросов центр сам оценивает свою работу, один раз в каждом цикле мониторинга. Заполняйте "
        "анкету вместе: фасилитатор, тренеры и комитет. Места по ней не распределяют. Честное «нет» с предложением "
        "полезнее, чем «да», за которым ничего не стоит. Эксперты сопоставят ваши ответы со своими наблюдениями. "
        "Многое уже заполнено по данным, которые центр вносил в течение года: проверьте их, а если у вас есть более "
        "точные сведения, впишите своё число и коротко объясните расхождение. Заполнение можно прервать в любой "
        "момент и продолжить в другой день.",
        "Осы сұрақтар арқылы орталық өз жұмысын мониторингтің әр кезеңінде бір рет өзі бағалайды. Сауалнаманы "
        "фасилитатор, тренерлер және комитет бірлесіп толтырғаны жөн. Орталықтар бұл бойынша орынға бөлінбейді. "
        "Артында ештеңе жоқ «иә»-ден гөрі ұсынысы бар шынайы «жоқ» пайдалырақ. Сарапшылар жауаптарыңызды өздері "
        "анықтаған жайттармен салыстырады. Көп нәрсе орталықтың жыл бойы енгізген деректері бойынша толтырылып "
        "қойған: тексеріңіз, ал сізде дәлірек мәлімет болса, өз саныңызды жазып, себебін қысқаша түсіндіріңіз. "
        "Толтыруды кез келген уақытта тоқтатып, басқа күні жалғастыруға болады.",
    ),
    sections=(CENTRE, EQUIPMENT, TRAINEES, TRAINERS, MONEY, RELATIONS, DOCUMENTS_OF_THE_CENTRE, PLANNING),
)
