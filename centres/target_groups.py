"""The target groups that a new network starts with (§3 of the report of 2005), in three languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UsualGroup:
    """A target group by its lasting key; a sensitive one is shown to the centre and the coordinators only."""

    key: str
    en: str
    ru: str
    kk: str
    is_sensitive: bool = False

    @property
    def i18n(self) -> dict:
        """The translations as modeltrans stores them."""
        return {"title_ru": self.ru, "title_kk": self.kk}


USUAL = [
    UsualGroup("preschool", "preschool children", "дошкольники", "мектеп жасына дейінгі балалар"),
    UsualGroup("out-of-school", "out-of-school children", "дети, не посещающие школу", "мектепке бармайтын балалар"),
    UsualGroup("school-pupils", "school pupils", "школьники", "мектеп оқушылары"),
    UsualGroup("vocational-students", "vocational students", "учащиеся колледжей", "колледж оқушылары"),
    UsualGroup("unemployed-youth", "unemployed youth", "безработная молодёжь", "жұмыссыз жастар"),
    UsualGroup("unemployed", "unemployed people", "безработные", "жұмыссыздар"),
    UsualGroup("working", "working people", "работающие", "жұмыс істейтіндер"),
    UsualGroup("farmers", "farmers", "фермеры", "фермерлер"),
    UsualGroup(
        "rural-households", "heads of rural households", "главы сельских подворий", "ауылдық үй шаруашылығының иелері"
    ),
    UsualGroup("single-women", "single women", "одинокие женщины", "жалғызбасты әйелдер"),
    UsualGroup("many-children", "mothers of many children", "многодетные матери", "көпбалалы аналар"),
    UsualGroup("repatriates", "repatriates", "репатрианты", "қандастар", is_sensitive=True),
    UsualGroup(
        "disabled", "people with disabilities", "люди с инвалидностью", "мүгедектігі бар адамдар", is_sensitive=True
    ),
    UsualGroup("elderly", "elderly people", "пожилые люди", "егде жастағы адамдар"),
]
