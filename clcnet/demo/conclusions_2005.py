"""The matrix's last column: one conclusion per aspect number, and the ten recommendations that follow.

A link to another aspect stands both in the text ("See section 8"), as a reader of the printed table expects it, and as
data. Aspect 10 carries its advice inside the conclusion, as the real table does.
"""

from .shapes import Conclusion, Recommendation

_ALL = ("sortobe", "nogaibai", "kordai", "karabulak", "amanbokter", "taraz", "karaganda")

CONCLUSIONS = {
    1: Conclusion(
        "Of the twelve aspects this is the weakest: no centre could show a plan for 2005 that grows out of a clear "
        "mission.",
        rests_on=_ALL,
        recommendations=(
            Recommendation("Draw up a plan of measures against the problems that this round has found."),
            Recommendation("Advise the facilitators on planning at the June 2005 seminar for the centres’ staff."),
            Recommendation("Give every facilitator model planning documents."),
        ),
    ),
    2: Conclusion(
        "Karaganda alone keeps a database of learning needs. Five centres know their groups from talk, and Taraz has "
        "no reliable information about its own.",
        rests_on=_ALL,
        recommendations=(
            Recommendation(
                "Let the centres learn from one another how to build a database and the forms that feed it."
            ),
        ),
    ),
    3: Conclusion(
        "Teaching comes first everywhere. Wholly or in part, each centre offers the Association’s programmes in "
        "computer use, sewing and life skills; the stronger ones have added ecology, culture and health because "
        "people asked for them. Fitting the offer to what people need remains the main task.",
        rests_on=_ALL,
        recommendations=(
            Recommendation(
                "See section 2. Send all centres the Association’s report on learning needs.", see_also=(2,)
            ),
        ),
    ),
    4: Conclusion(
        "Every centre has its training programmes, but only a few have changed them to suit the people who come.",
        rests_on=("nogaibai", "karabulak", "amanbokter", "taraz", "karaganda"),
        recommendations=(
            Recommendation("Offer courses of different length and difficulty, above all in computer use."),
            Recommendation("Study how Karaganda builds programmes in several levels."),
        ),
    ),
    5: Conclusion(
        "Each centre has a timetable for its courses and other programmes; some are closed at weekends.",
        rests_on=("sortobe", "nogaibai", "kordai", "karabulak", "amanbokter", "karaganda"),
        recommendations=(
            Recommendation(
                "Where people want it and it can be done, find young local volunteers to keep the centre open at "
                "weekends."
            ),
        ),
    ),
    6: Conclusion(
        "Most centres have no money to pay their trainers.",
        rests_on=("sortobe", "nogaibai", "kordai", "karabulak", "amanbokter", "karaganda"),
        recommendations=(
            Recommendation("See section 8. Learn how non-formal education is run in other countries.", see_also=(8,)),
        ),
    ),
    7: Conclusion(
        "Everything works in 3 of the 7 centres only; 10 items in the other 4 wait for repair.",
        rests_on=_ALL,
    ),
    8: Conclusion(
        "In most centres partnerships are only beginning.",
        rests_on=_ALL,
        recommendations=(
            Recommendation(
                "Hold information campaigns and consultations more often, so that authorities, enterprises and other "
                "bodies know the centres and join in."
            ),
        ),
    ),
    9: Conclusion(
        "Monitoring, self-assessment, the study of results and quality, analysis and reporting have to become far "
        "better in every centre. Together the centres report over 3,500 people for 2005, Karaganda’s since September "
        "2004.",
        rests_on=_ALL,
    ),
    10: Conclusion(
        "In 5 of the 7 centres the committee exists on paper. Its members and tasks should be brought into line with "
        "what UNESCO advises.",
        rests_on=_ALL,
    ),
    11: Conclusion(
        "What is said of figures holds for the papers too. See section 9.",
        rests_on=_ALL,
        see_also=(9,),
    ),
    12: Conclusion(
        "Strengths of most centres:\n"
        "- they work well with local authorities and schools;\n"
        "- people want what they offer;\n"
        "- the Association’s programmes are being taught.\n"
        "Weaknesses:\n"
        "- money is uncertain;\n"
        "- there is no planning, nor a strategy for standing alone;\n"
        "- facilitators lack a drive of their own to make the centre known;\n"
        "- needs are not studied, nor programmes developed from them;\n"
        "- monitoring, self-assessment and the study of quality are poor;\n"
        "- documents, statistics and reports are not in order.",
        rests_on=_ALL,
    ),
}
