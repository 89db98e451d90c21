"""The 84 findings of June 2005: by aspect number, then by centre, in the matrix's order.

The facts are those of the real round (§6.5), the sentences are ours. Where the round was silent or got no information,
the level is not_assessed. Only aspect 1 has perspectives.
"""

from .shapes import Cell

CELLS = {
    # Mission, strategy and plan
    1: {
        "sortobe": Cell(
            "weak",
            "The centre cannot yet say plainly what it is for, and the parts of its plan do not fit together. Nothing "
            "was undertaken after the advice of 2004.",
            "Open a confectionery workshop and a woodworking shop; give more room to people who study by themselves.",
        ),
        "nogaibai": Cell(
            "weak",
            "No plan was brought up to date for 2005: both the facilitator and the akim changed, and the thread was "
            "lost.",
            "Confirm the new facilitator in the post and draw up with him a programme of what comes next.",
        ),
        "kordai": Cell(
            "partly",
            "There is said to be a plan for half a year, but it could not be shown to us. What the centre wants to "
            "achieve, and how, stays unclear, and its answers to the 2004 recommendations change little.",
            "In winter make products from dough and meat; contract with the hospital for workwear and bed linen.",
        ),
        "karabulak": Cell(
            "partly",
            "The staff describe the centre’s purpose and its future in general words only. Steps were named after the "
            "2004 visit, but too vaguely to be checked.",
            "Move into larger premises; contract with the labour department for training seamstresses and for sewn "
            "goods.",
        ),
        "amanbokter": Cell(
            "weak",
            "There is neither a stated mission nor a plan for the year or the month, and no idea of where the centre "
            "should stand in a few years. The 2004 visit had no follow-up.",
            "Start a programme of national crafts.",
        ),
        "taraz": Cell(
            "weak",
            "Purpose, aims and the way ahead have not been put into clear words.",
            "Hold open days at which townspeople learn what the centre offers.",
        ),
        "karaganda": Cell(
            "weak",
            "For all its activity, the centre has written down neither a mission nor a strategy, nor a work plan "
            "for 2005.",
            "Build firmer ties with state and private organisations in the city.",
        ),
    },
    # Target groups and data on their needs
    2: {
        "sortobe": Cell(
            "partly",
            "Works with housewives, young people (chiefly girls), pupils and farmers. What it knows of their needs was "
            "collected earlier and has not been renewed.",
        ),
        "nogaibai": Cell(
            "weak",
            "Works with housewives, young people (chiefly girls), pupils, college students and children. It keeps no "
            "database of what they want to learn.",
        ),
        "kordai": Cell(
            "weak",
            "Works with unemployed women and housewives, young people aged 18 to 25, teenage pupils, some of them with "
            "disabilities, and farmers. There is neither a database nor any form to collect needs with.",
        ),
        "karabulak": Cell(
            "not_assessed",
            "Works with women repatriates, unemployed adults, jobless youth and pupils.",
        ),
        "amanbokter": Cell(
            "not_assessed",
            "Works with housewives, pupils and jobless youth. We learned nothing about a database of their needs.",
        ),
        "taraz": Cell(
            "weak",
            "Works with unemployed people, women including the elderly, pupils and preschool children. It has no data "
            "on the people around it or on what they want to learn.",
        ),
        "karaganda": Cell(
            "strong",
            "Works with unemployed adults, jobless youth, pupils and students. It keeps a database of their learning "
            "needs and has its own tools for collecting them.",
        ),
    },
    # Lines of work and study of needs
    3: {
        "sortobe": Cell(
            "strong",
            "Four lines: (1) courses in computer use and sewing, self-study for pupils and students, lessons for "
            "farmers; (2) revival of local culture and traditions; (3) ecology, from tree planting and home flowers "
            "to clean-up days; (4) public talks on healthy living. Local needs have been studied.",
        ),
        "nogaibai": Cell(
            "weak",
            "Three lines: (1) courses in computer use and sewing; (2) a hairdressing salon; (3) games for preschool "
            "children. Nobody has asked the villagers what they need.",
        ),
        "kordai": Cell(
            "partly",
            "Three lines: (1) courses in computer use, sewing and cooking; (2) sewing for private customers; (3) salad "
            "making. Local needs are looked into only now and then.",
        ),
        "karabulak": Cell(
            "partly",
            "Two lines: (1) courses in computer use, sewing, cheese making and entrepreneurship; (2) sewing to "
            "order, by the piece and in bulk. Needs are learned by word of mouth, in talks and interviews.",
        ),
        "amanbokter": Cell(
            "not_assessed",
            "Two lines: (1) courses in computer use, sewing, cheese making and entrepreneurship; (2) sewing for "
            "private customers, just begun. We could get no information on a study of needs.",
        ),
        "taraz": Cell(
            "not_assessed",
            "Three lines: (1) courses in computer use, sewing and life skills; (2) tourism, with courses for future "
            "trainers; (3) culture, drawing young people to poetry.",
        ),
        "karaganda": Cell(
            "strong",
            "Five lines: (1) courses in computer use, sewing, embroidery and life skills, vocational training and "
            "retraining; (2) culture, with a holiday club; (3) health and family planning; (4) making and selling "
            "goods; (5) ecology. Needs are studied whenever occasion calls for it.",
        ),
    },
    # Programmes and ways of teaching
    4: {
        "sortobe": Cell(
            "partly",
            "Computer use is taught in 36 hours; sewing follows the VET school’s curriculum of 260 hours. Short "
            "seminars introduce women to entrepreneurship (8 hours) and cover job search and other life skills (4 "
            "hours).",
        ),
        "nogaibai": Cell(
            "weak",
            "The programmes are those of earlier years. They have been neither renewed nor fitted to the village.",
        ),
        "kordai": Cell(
            "partly",
            "Sewing runs for 260 hours, with attention to each trainee. The computer programme is still unfinished.",
        ),
        "karabulak": Cell(
            "partly",
            "Computer use is offered at several levels. The sewing programme misses the real level of those who "
            "come, and the life skills programmes were taken over as they are.",
        ),
        "amanbokter": Cell(
            "weak",
            "No programme could be shown. Trainees copy what the trainer does, and the life skills courses were taken "
            "over without change.",
        ),
        "taraz": Cell(
            "strong",
            "The sewing programmes are the centre’s own, flexible, and they work; a course takes from 2 or 3 weeks to "
            "2 months.",
        ),
        "karaganda": Cell(
            "strong",
            "Programmes in every field come at several levels and are adjusted to those who enrol.",
        ),
    },
    # Groups and timetable
    5: {
        "sortobe": Cell("strong", "The timetable bends to people’s jobs and to the farming season."),
        "nogaibai": Cell(
            "partly",
            "One sewing group of 4 meets all week. Computer lessons follow no fixed timetable.",
        ),
        "kordai": Cell(
            "partly",
            "Two sewing groups, 14 people in all, meet every day. In June only 1 person came to learn computer use.",
        ),
        "karabulak": Cell(
            "strong",
            "The timetable suits the trainees and was rearranged while the rooms were being repaired.",
        ),
        "amanbokter": Cell(
            "weak",
            "Computer lessons take 1 hour a day on 4 days a week. Sewing depends on orders: it brings in money rather "
            "than teaches.",
        ),
        "taraz": Cell("partly", "Three sewing groups are at work, with 6, 4 and 3 people."),
        "karaganda": Cell("strong", "The rooms are in use on every day of the week."),
    },
    # Trainers
    6: {
        "sortobe": Cell(
            "strong",
            "Teachers of the village school and the VET school are joined by members of the businesswomen’s "
            "association, medical staff and seasoned specialists.",
        ),
        "nogaibai": Cell("partly", "Village school teachers and local specialists give the lessons."),
        "kordai": Cell("partly", "All lessons are given by school teachers from Kordai."),
        "karabulak": Cell(
            "partly", "School teachers share the lessons with local people whom the Association has trained."
        ),
        "amanbokter": Cell("partly", "Villagers trained by the Association teach side by side with school teachers."),
        "taraz": Cell("strong", "The centre has 5 permanent trainers, each qualified in the subject."),
        "karaganda": Cell("strong", "The city employment centre pays 4 trainers; another 8 teach as volunteers."),
    },
    # Equipment
    7: {
        "sortobe": Cell("strong", "Everything works."),
        "nogaibai": Cell("partly", "1 computer is out of order."),
        "kordai": Cell("weak", "2 computers and 1 fax do not work."),
        "karabulak": Cell("strong", "Everything works."),
        "amanbokter": Cell("weak", "2 computers, 1 fax and 1 modem do not work."),
        "taraz": Cell("partly", "2 computers are out of order."),
        "karaganda": Cell("strong", "Everything works."),
    },
    # Partners and networks
    8: {
        "sortobe": Cell(
            "strong",
            "6 partners: the akimat, the secondary school, the VET school, the village museum, the hospital and the "
            "businesswomen’s association.",
        ),
        "nogaibai": Cell(
            "partly",
            "5 partners: the akimat, the college, the secondary schools, the medical centre and the raion’s labour "
            "department in Kordai.",
        ),
        "kordai": Cell(
            "partly", "3 partners: the labour department that houses the centre, the schools and the hospital."
        ),
        "karabulak": Cell(
            "strong",
            "8 partners: the akimats of raion and village, the raion labour department, the college, the VET school, "
            "the secondary school, the farm workers’ union and the local branch of a rural party.",
        ),
        "amanbokter": Cell(
            "partly",
            "6 partners: the akimat, the secondary school, the national association of innovative schools, CAMPI, the "
            "University of Central Asia and the association of mountain villages.",
        ),
        "taraz": Cell(
            "partly",
            "6 partners: the city akimat, a secondary school, a VET school, the community administration and two NGOs, "
            "one for local initiatives and one for women leaders.",
        ),
        "karaganda": Cell(
            "strong",
            "9 kinds of partners or more: the akimats of oblast, city and raion, the press, the VET school, "
            "universities, NGOs, other centres and associations.",
        ),
    },
    # Monitoring, figures and self-assessment
    9: {
        "sortobe": Cell("partly", "Done in part. Over 1,500 people from the target groups learned here in 2005."),
        "nogaibai": Cell("weak", "Not done. About 70 people took a course in 2005."),
        "kordai": Cell("partly", "Done from time to time. Altogether 62 people took a course in 2005."),
        "karabulak": Cell("strong", "Done. Over 1,000 local people took a course in 2005."),
        "amanbokter": Cell("weak", "Not done. Over 30 people took a course in 2005."),
        "taraz": Cell("partly", "Done for form’s sake. About 120 people took a course in 2005."),
        "karaganda": Cell(
            "strong",
            "Done. The centre counts 755 people since September 2004, a longer period than the other centres report.",
        ),
    },
    # Committee of the centre
    10: {
        "sortobe": Cell("strong", "The committee is active and gets things done; the right people sit on it."),
        "nogaibai": Cell("weak", "The committee does not work at present."),
        "kordai": Cell("weak", "Members are listed. Neither proposals nor activities have come from them."),
        "karabulak": Cell(
            "partly",
            "The right people sit on the committee, but too little use is made of what they could do.",
        ),
        "amanbokter": Cell("weak", "Members are listed, but the committee does not work."),
        "taraz": Cell("weak", "Members are listed. They have started nothing and proposed nothing."),
        "karaganda": Cell("strong", "7 well-chosen members, active and able to carry things through."),
    },
    # Documents and records
    11: {
        "sortobe": Cell("partly", "Records are kept, but still have to be put in order."),
        "nogaibai": Cell("weak", "The papers have not been brought up to date this year."),
        "kordai": Cell("weak", "Records are kept irregularly."),
        "karabulak": Cell("strong", "Records are kept up regularly."),
        "amanbokter": Cell("weak", "Records are kept irregularly."),
        "taraz": Cell("partly", "The papers exist, but lack a system."),
        "karaganda": Cell("strong", "Records are kept up regularly."),
    },
    # Experience and difficulties
    12: {
        "sortobe": Cell(
            "partly",
            "What works: the akimat, the schools and others help willingly. After the courses more than 20 families "
            "bought a computer, went online and now work without help; some housewives grow flowers with what they "
            "learned. Difficulties: village work is seasonal, the sewing course is rigid, and contact with the "
            "Association, the other centres and outside bodies is poor.",
        ),
        "nogaibai": Cell(
            "weak",
            "What works: the akimat and the trainers plainly want the centre to grow. Difficulties: staff come and "
            "go, the committee is passive, there are no partners to lean on, contact with the Association and the "
            "other centres is poor, and the akimat gives no money.",
        ),
        "kordai": Cell(
            "partly",
            "What works: good relations with local people, the labour department and the schools. Difficulties: "
            "graduates ask for certificates, which only a registered centre may award; fewer people come to learn "
            "computer use.",
        ),
        "karabulak": Cell(
            "strong",
            "What works: the centre is well known and its lessons are well attended, partnerships grow, courses have "
            "several levels, and decisions are taken jointly with the committee. Difficulties: no volunteers for "
            "teenagers with difficult behaviour, no market study on which to build new services, no money from the "
            "local authorities.",
        ),
        "amanbokter": Cell(
            "partly",
            "What works: local business people help to teach healthy living; the centre works with international "
            "organisations and belongs to the association of mountain villages. Difficulties: decisions hang on the "
            "akimat, the committee is passive, and the facilitator shows little initiative.",
        ),
        "taraz": Cell(
            "partly",
            "What works: the centre is a registered legal entity and runs tourism programmes for children. "
            "Difficulties: people’s needs have not been studied, there is no way yet to draw townspeople into the "
            "work, courses and tourism are hardly linked, and neither oblast nor city gives money.",
        ),
        "karaganda": Cell(
            "strong",
            "What works: many functions under one roof, services that people ask for, volunteers, and the authorities’ "
            "political and financial backing. Difficulties: the centre has no legal status.",
        ),
    },
}
