"""The real geography of the seven centres.

Zhetisu oblast was formed on 8 June 2022 and took Eskeldi and Sarkand raions over from Almaty oblast, with new KATO
codes. A report for 2005 must still name Almaty oblast, so a unit's parents are dated.
"""

from datetime import date

from .shapes import PlacedIn, Text, Unit

ZHETISU_FORMED = date(2022, 6, 8)


def _moved_to_zhetisu():
    return (PlacedIn("almaty-oblast", until=ZHETISU_FORMED), PlacedIn("zhetisu-oblast", since=ZHETISU_FORMED))


# Parents stand before their children.
UNITS = (
    Unit("almaty-oblast", "oblast", Text("Almaty oblast", "Алматинская область", "Алматы облысы"), kato="190000000"),
    Unit("zhambyl-oblast", "oblast", Text("Zhambyl oblast", "Жамбылская область", "Жамбыл облысы"), kato="310000000"),
    Unit(
        "zhetisu-oblast",
        "oblast",
        Text("Zhetisu oblast", "область Жетісу", "Жетісу облысы"),
        kato="330000000",
        exists_since=ZHETISU_FORMED,
    ),
    Unit(
        "karaganda-oblast",
        "oblast",
        Text("Karaganda oblast", "Карагандинская область", "Қарағанды облысы"),
        kato="350000000",
    ),
    Unit(
        "kordai-raion",
        "raion",
        Text("Kordai raion", "Кордайский район", "Қордай ауданы"),
        (PlacedIn("zhambyl-oblast"),),
        kato="314800000",
    ),
    Unit(
        "eskeldi-raion",
        "raion",
        Text("Eskeldi raion", "Ескельдинский район", "Ескелді ауданы"),
        _moved_to_zhetisu(),
        kato="333600000",
        kato_before_2022="196400000",
    ),
    Unit(
        "sarkand-raion",
        "raion",
        Text("Sarkand raion", "Саркандский район", "Сарқан ауданы"),
        _moved_to_zhetisu(),
        kato="334800000",
        kato_before_2022="196000000",
    ),
    Unit(
        "sortobe-rural-district",
        "rural_district",
        Text("Sortobe rural district", "Сортобинский сельский округ", "Сортөбе ауылдық округі"),
        (PlacedIn("kordai-raion"),),
    ),
    Unit(
        "nogaibai-rural-district",
        "rural_district",
        Text("Nogaibai rural district", "Ногайбайский сельский округ", "Ноғайбай ауылдық округі"),
        (PlacedIn("kordai-raion"),),
    ),
    Unit(
        "kordai-rural-district",
        "rural_district",
        Text("Kordai rural district", "Кордайский сельский округ", "Қордай ауылдық округі"),
        (PlacedIn("kordai-raion"),),
    ),
    Unit(
        "karabulak-rural-district",
        "rural_district",
        Text("Karabulak rural district", "Карабулакский сельский округ", "Қарабұлақ ауылдық округі"),
        (PlacedIn("eskeldi-raion"),),
    ),
    Unit(
        "amanbokter-rural-district",
        "rural_district",
        Text("Amanbokter rural district", "Аманбоктерский сельский округ", "Аманбөктер ауылдық округі"),
        (PlacedIn("sarkand-raion"),),
    ),
    Unit("sortobe", "settlement", Text("Sortobe", "Сортобе", "Сортөбе"), (PlacedIn("sortobe-rural-district"),)),
    Unit("nogaibai", "settlement", Text("Nogaibai", "Ногайбай", "Ноғайбай"), (PlacedIn("nogaibai-rural-district"),)),
    Unit(
        "kordai",
        "settlement",
        Text("Kordai", "Кордай", "Қордай"),
        (PlacedIn("kordai-rural-district"),),
        kato="314851205",
    ),
    Unit(
        "karabulak",
        "settlement",
        Text("Karabulak", "Карабулак", "Қарабұлақ"),
        (PlacedIn("karabulak-rural-district"),),
        kato_before_2022="196430100",
    ),
    Unit(
        "amanbokter",
        "settlement",
        Text("Amanbokter", "Аманбоктер", "Аманбөктер"),
        (PlacedIn("amanbokter-rural-district"),),
    ),
    Unit("taraz", "city", Text("Taraz", "Тараз", "Тараз"), (PlacedIn("zhambyl-oblast"),), kato="311010000"),
    Unit(
        "karaganda",
        "city",
        Text("Karaganda", "Караганда", "Қарағанды"),
        (PlacedIn("karaganda-oblast"),),
        kato="351010000",
    ),
)
