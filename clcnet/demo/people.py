"""The trainees of the demo: invented people with what a centre notes of them."""

from datetime import timedelta

from training.models import Consent, Trainee, TraineeTargetGroup

from .names import Crowd
from .rows import chances, ids

ADULT = 18
NO_CONSENTS = {"nogaibai", "amanbokter"}  # their papers are not kept up
NEEDY = ("yes", "no", "")

# Born from when to when somebody belongs to a target group; women only where it says so.
BORN = {
    "preschool": (1998, 2005),
    "school-pupils": (1987, 1998),
    "vocational-students": (1984, 1989),
    "unemployed-youth": (1976, 1989),
    "elderly": (1900, 1947),
    "many-children": (1950, 1982),
    "single-women": (1940, 1984),
}
OF_WOMEN = {"many-children", "single-women"}


class Register:
    """Collects the rows of one centre's trainees, so that they are written in few statements."""

    def __init__(self, centre, language, target_groups, consent_text):
        self.centre, self.language, self.consent_text = centre, language, consent_text
        self.target_groups = target_groups
        self.crowd = Crowd(centre.code)
        self.chance, self.ids = chances(f"trainees of {centre.code}"), ids(f"trainees of {centre.code}")
        self.trainees, self.marks, self.consents = [], [], []

    def enter(self, *, on, women, born, of, keeps_contact) -> Trainee:
        """Somebody new, registered on a day; a talk that takes an afternoon notes no contact and asks no consent."""
        chance = self.chance
        person = self.crowd.draw(women=women, born=born)
        trainee = Trainee(
            id=next(self.ids),
            centre=self.centre,
            surname=person.surname,
            given_name=person.given_name,
            patronymic=person.patronymic,
            sex=person.sex,
            birth_year=person.birth_year,
            language=person.language,
            needy=chance.choices(NEEDY, (18, 50, 32))[0],
            registered_on=on,
        )
        if on.year - person.birth_year < ADULT:
            trainee.guardian_name = self.crowd.mother(person)
            trainee.guardian_phone = self.phone()
        elif keeps_contact and chance.random() < 0.7:
            trainee.phone = self.phone()
        self.trainees.append(trainee)
        self.mark(trainee, of)
        if keeps_contact and self.centre.code not in NO_CONSENTS and chance.random() < 0.93:
            self.consent(trainee, on)
        return trainee

    def mark(self, trainee, of):
        fitting = [
            key
            for key in of
            if BORN.get(key, (1900, 1987))[0] <= trainee.birth_year <= BORN.get(key, (1900, 1987))[1]
            and (key not in OF_WOMEN or trainee.sex == "f")
        ]
        chosen = {self.chance.choice(fitting)} if fitting else set()
        if len(fitting) > 1 and self.chance.random() < 0.12:
            chosen.add(self.chance.choice(fitting))
        if self.chance.random() < 0.012:
            chosen.add("disabled")
        self.marks += [
            TraineeTargetGroup(centre=self.centre, trainee=trainee, target_group=self.target_groups[key])
            for key in sorted(chosen)
        ]

    def consent(self, trainee, on):
        guardian = trainee.guardian_name
        self.consents.append(
            Consent(
                id=next(self.ids),
                centre=self.centre,
                trainee=trainee,
                text=self.consent_text,
                language=self.language,
                given_by=Consent.GivenBy.GUARDIAN if guardian else Consent.GivenBy.TRAINEE,
                giver_name=guardian,
                given_on=on,
            )
        )

    def phone(self) -> str:
        """With the area code of the centre, and a 0 that no exchange assigns."""
        area, number = self.centre.phone.rsplit(" ", 1)
        first = number.partition("-")[0]
        return f"{area} {first}-{self.chance.randrange(100):02}-{self.chance.randrange(100):02}"

    def days_before(self, day, most=12):
        return day - timedelta(days=self.chance.randint(1, most))

    def write(self):
        Trainee.objects.bulk_create(self.trainees)
        TraineeTargetGroup.objects.bulk_create(self.marks)
        Consent.objects.bulk_create(self.consents)
        self.trainees, self.marks, self.consents = [], [], []
