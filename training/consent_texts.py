"""The texts that a new network starts with: what people are asked to agree to, in three languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UsualText:
    """A text by its purpose. Those who read it may have never signed a form: short sentences, no law's language."""

    purpose: str
    en: str
    ru: str
    kk: str


DATA_EN = """\
The learning centre asks for your agreement to keep some data about you.

What we keep: your name, year of birth and sex, the groups of people that you count yourself to, your language, your \
phone number, which courses you attend, and how you get on afterwards. For those under 18 also a parent's or \
guardian's name and phone number.

Why: to hold the courses, to reach you, to write your certificate, and to know whether the courses are of use. About \
half a year after a course we ask you once what you do now.

Who sees it: the people who work at this centre, and the coordinators of the network. Experts of the network see your \
name and your courses, but not your phone number, and not whether your family is in need. Those who give money for \
the centre see numbers only, no names. We sell nothing and publish nothing.

How long: as long as you learn with us, and five years after that, because that long we have to show who was trained. \
Certificates are kept longer, so that a lost one can be confirmed.

You decide: you can come to the courses without agreeing to anything but what the law asks. You can see at any time \
what is kept about you, and have mistakes corrected. You can take your agreement back whenever you like: tell anybody \
at the centre, you need not say why. From then on nobody at the centre sees your contact, and nobody calls you."""

DATA_RU = """\
Учебный центр просит вашего согласия хранить некоторые данные о вас.

Что мы храним: ваше имя, год рождения и пол, к каким группам населения вы себя относите, ваш язык, номер телефона, \
какие курсы вы посещаете и как складываются ваши дела после них. Для тех, кому нет 18 лет, — ещё имя и телефон \
родителя или другого законного представителя.

Зачем: чтобы проводить курсы, связываться с вами, выписать сертификат и знать, приносят ли курсы пользу. Примерно \
через полгода после курса мы один раз спросим, чем вы сейчас занимаетесь.

Кто это видит: сотрудники этого центра и координаторы сети. Эксперты сети видят ваше имя и ваши курсы, но не номер \
телефона и не то, нуждается ли ваша семья. Те, кто даёт центру деньги, видят только числа, без имён. Мы ничего не \
продаём и не публикуем.

Как долго: пока вы учитесь у нас и ещё пять лет, потому что столько времени мы должны уметь показать, кто учился. \
Записи о сертификатах хранятся дольше, чтобы можно было подтвердить утерянный.

Решаете вы: на курсы можно ходить, не соглашаясь ни на что, кроме того, чего требует закон. Вы можете в любое время \
посмотреть, что о вас записано, и попросить исправить ошибки. Своё согласие вы можете отозвать когда угодно: скажите \
об этом любому сотруднику центра, причину называть не нужно. С этого дня никто в центре не видит ваших контактов и \
никто вам не звонит."""

DATA_KK = """\
Оқу орталығы сіз туралы кейбір деректерді сақтауға келісіміңізді сұрайды.

Нені сақтаймыз: аты-жөніңізді, туған жылыңызды және жынысыңызды, өзіңізді халықтың қай тобына жатқызатыныңызды, \
тіліңізді, телефон нөміріңізді, қандай курстарға қатысатыныңызды және курстан кейінгі жағдайыңызды. 18 жасқа \
толмағандар үшін ата-анасының немесе басқа заңды өкілінің аты-жөні мен телефонын да сақтаймыз.

Не үшін: курстарды өткізу, сізбен хабарласу, сертификат жазып беру және курстардың пайдасы бар-жоғын білу үшін. \
Курстан кейін жарты жылдай өткенде қазір немен айналысып жүргеніңізді бір рет сұраймыз.

Кім көреді: осы орталықтың қызметкерлері және желінің үйлестірушілері. Желінің сарапшылары атыңыз бен курстарыңызды \
көреді, бірақ телефон нөміріңізді және отбасыңыздың мұқтаж-мұқтаж еместігін көрмейді. Орталыққа ақша беретіндер тек \
сандарды көреді, есімдерді көрмейді. Біз ештеңені сатпаймыз және жарияламаймыз.

Қанша уақыт: бізде оқып жүрген кезіңізде және одан кейін бес жыл бойы, өйткені кімнің оқығанын сонша уақыт көрсете \
алуымыз керек. Сертификаттар туралы жазбалар ұзағырақ сақталады, сонда жоғалған сертификатты растауға болады.

Шешім өзіңізде: заң талап ететіннен басқа ештеңеге келіспей-ақ курстарға қатыса аласыз. Өзіңіз туралы не жазылғанын \
кез келген уақытта көріп, қателерін түзеттіре аласыз. Келісіміңізді қалаған уақытта қайтарып ала аласыз: орталықтың \
кез келген қызметкеріне айтсаңыз жеткілікті, себебін айтудың қажеті жоқ. Сол күннен бастап орталықта ешкім \
байланыс деректеріңізді көрмейді және сізге ешкім қоңырау шалмайды."""

PHOTO_EN = """\
The learning centre sometimes takes photos at courses and meetings.

What we ask: that photos on which you can be recognised may be shown on the centre's wall, in reports about its work \
and on the network's pages. Your name does not stand beside the photo, unless you want it.

Why: so that people see what the centre does.

How long: until you take your agreement back. Tell anybody at the centre; we then take the photo down where we can, \
and do not use it again. What is already printed stays printed.

You decide: if you would rather not be photographed, say so. You lose nothing by it."""

PHOTO_RU = """\
Учебный центр иногда фотографирует на курсах и встречах.

О чём мы просим: чтобы фотографии, на которых вас можно узнать, можно было показывать на стенде центра, в отчётах о \
его работе и на страницах сети. Ваше имя рядом с фотографией не стоит, если вы сами этого не хотите.

Зачем: чтобы люди видели, чем занимается центр.

Как долго: пока вы не отзовёте согласие. Скажите об этом любому сотруднику центра: мы уберём фотографию отовсюду, где \
сможем, и больше не будем её использовать. Уже напечатанное останется напечатанным.

Решаете вы: если вы не хотите, чтобы вас фотографировали, так и скажите. Вы ничего от этого не потеряете."""

PHOTO_KK = """\
Оқу орталығы кейде курстар мен кездесулерде суретке түсіреді.

Не сұраймыз: сізді тануға болатын суреттерді орталықтың тақтасында, оның жұмысы туралы есептерде және желінің \
беттерінде көрсетуге рұқсатыңызды сұраймыз. Өзіңіз қаламасаңыз, суреттің жанында атыңыз жазылмайды.

Не үшін: адамдар орталықтың немен айналысатынын көруі үшін.

Қанша уақыт: келісіміңізді қайтарып алғанға дейін. Орталықтың кез келген қызметкеріне айтыңыз: суретті мүмкін болған \
жердің бәрінен алып тастаймыз және қайта пайдаланбаймыз. Басылып шыққаны сол күйінде қалады.

Шешім өзіңізде: суретке түскіңіз келмесе, солай деңіз. Одан ештеңе жоғалтпайсыз."""

USUAL = [
    UsualText("data", DATA_EN, DATA_RU, DATA_KK),
    UsualText("photo", PHOTO_EN, PHOTO_RU, PHOTO_KK),
]
