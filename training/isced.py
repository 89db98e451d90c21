"""Fields of education and training: the detailed fields of ISCED-F 2013 (UNESCO), below their broad fields."""

from django.utils.translation import pgettext_lazy

FIELDS = [
    (
        pgettext_lazy("field of education", "Generic programmes"),
        [
            ("0011", pgettext_lazy("field of education", "Basic programmes")),
            ("0021", pgettext_lazy("field of education", "Literacy and numeracy")),
            ("0031", pgettext_lazy("field of education", "Personal skills and development")),
        ],
    ),
    (
        pgettext_lazy("field of education", "Education"),
        [
            ("0111", pgettext_lazy("field of education", "Education science")),
            ("0112", pgettext_lazy("field of education", "Training for pre-school teachers")),
            ("0113", pgettext_lazy("field of education", "Training for teachers of no single subject")),
            ("0114", pgettext_lazy("field of education", "Training for teachers of a subject")),
        ],
    ),
    (
        pgettext_lazy("field of education", "Arts and humanities"),
        [
            ("0211", pgettext_lazy("field of education", "Audio-visual techniques and media production")),
            ("0212", pgettext_lazy("field of education", "Fashion, interior and industrial design")),
            ("0213", pgettext_lazy("field of education", "Fine arts")),
            ("0214", pgettext_lazy("field of education", "Handicrafts")),
            ("0215", pgettext_lazy("field of education", "Music and performing arts")),
            ("0221", pgettext_lazy("field of education", "Religion and theology")),
            ("0222", pgettext_lazy("field of education", "History and archaeology")),
            ("0223", pgettext_lazy("field of education", "Philosophy and ethics")),
            ("0231", pgettext_lazy("field of education", "Language acquisition")),
            ("0232", pgettext_lazy("field of education", "Literature and linguistics")),
        ],
    ),
    (
        pgettext_lazy("field of education", "Social sciences, journalism and information"),
        [
            ("0311", pgettext_lazy("field of education", "Economics")),
            ("0312", pgettext_lazy("field of education", "Political sciences and civics")),
            ("0313", pgettext_lazy("field of education", "Psychology")),
            ("0314", pgettext_lazy("field of education", "Sociology and cultural studies")),
            ("0321", pgettext_lazy("field of education", "Journalism and reporting")),
            ("0322", pgettext_lazy("field of education", "Library, information and archival studies")),
        ],
    ),
    (
        pgettext_lazy("field of education", "Business, administration and law"),
        [
            ("0411", pgettext_lazy("field of education", "Accounting and taxation")),
            ("0412", pgettext_lazy("field of education", "Finance, banking and insurance")),
            ("0413", pgettext_lazy("field of education", "Management and administration")),
            ("0414", pgettext_lazy("field of education", "Marketing and advertising")),
            ("0415", pgettext_lazy("field of education", "Secretarial and office work")),
            ("0416", pgettext_lazy("field of education", "Wholesale and retail sales")),
            ("0417", pgettext_lazy("field of education", "Work skills")),
            ("0421", pgettext_lazy("field of education", "Law")),
        ],
    ),
    (
        pgettext_lazy("field of education", "Natural sciences, mathematics and statistics"),
        [
            ("0511", pgettext_lazy("field of education", "Biology")),
            ("0512", pgettext_lazy("field of education", "Biochemistry")),
            ("0521", pgettext_lazy("field of education", "Environmental sciences")),
            ("0522", pgettext_lazy("field of education", "Natural environments and wildlife")),
            ("0531", pgettext_lazy("field of education", "Chemistry")),
            ("0532", pgettext_lazy("field of education", "Earth sciences")),
            ("0533", pgettext_lazy("field of education", "Physics")),
            ("0541", pgettext_lazy("field of education", "Mathematics")),
            ("0542", pgettext_lazy("field of education", "Statistics")),
        ],
    ),
    (
        pgettext_lazy("field of education", "Information and communication technologies"),
        [
            ("0611", pgettext_lazy("field of education", "Computer use")),
            ("0612", pgettext_lazy("field of education", "Databases and networks")),
            ("0613", pgettext_lazy("field of education", "Software development")),
        ],
    ),
    (
        pgettext_lazy("field of education", "Engineering, manufacturing and construction"),
        [
            ("0711", pgettext_lazy("field of education", "Chemical engineering and processes")),
            ("0712", pgettext_lazy("field of education", "Environmental protection technology")),
            ("0713", pgettext_lazy("field of education", "Electricity and energy")),
            ("0714", pgettext_lazy("field of education", "Electronics and automation")),
            ("0715", pgettext_lazy("field of education", "Mechanics and metal trades")),
            ("0716", pgettext_lazy("field of education", "Motor vehicles, ships and aircraft")),
            ("0721", pgettext_lazy("field of education", "Food processing")),
            ("0722", pgettext_lazy("field of education", "Materials: glass, paper, plastic and wood")),
            ("0723", pgettext_lazy("field of education", "Textiles: clothes, footwear and leather")),
            ("0724", pgettext_lazy("field of education", "Mining and extraction")),
            ("0731", pgettext_lazy("field of education", "Architecture and town planning")),
            ("0732", pgettext_lazy("field of education", "Building and civil engineering")),
        ],
    ),
    (
        pgettext_lazy("field of education", "Agriculture, forestry, fisheries and veterinary"),
        [
            ("0811", pgettext_lazy("field of education", "Crop and livestock production")),
            ("0812", pgettext_lazy("field of education", "Horticulture")),
            ("0821", pgettext_lazy("field of education", "Forestry")),
            ("0831", pgettext_lazy("field of education", "Fisheries")),
            ("0841", pgettext_lazy("field of education", "Veterinary")),
        ],
    ),
    (
        pgettext_lazy("field of education", "Health and welfare"),
        [
            ("0911", pgettext_lazy("field of education", "Dental studies")),
            ("0912", pgettext_lazy("field of education", "Medicine")),
            ("0913", pgettext_lazy("field of education", "Nursing and midwifery")),
            ("0914", pgettext_lazy("field of education", "Medical diagnostic and treatment technology")),
            ("0915", pgettext_lazy("field of education", "Therapy and rehabilitation")),
            ("0916", pgettext_lazy("field of education", "Pharmacy")),
            ("0917", pgettext_lazy("field of education", "Traditional and complementary medicine")),
            ("0921", pgettext_lazy("field of education", "Care of elderly people and disabled adults")),
            ("0922", pgettext_lazy("field of education", "Child care and youth services")),
            ("0923", pgettext_lazy("field of education", "Social work and counselling")),
        ],
    ),
    (
        pgettext_lazy("field of education", "Services"),
        [
            ("1011", pgettext_lazy("field of education", "Domestic services")),
            ("1012", pgettext_lazy("field of education", "Hair and beauty services")),
            ("1013", pgettext_lazy("field of education", "Hotels, restaurants and catering")),
            ("1014", pgettext_lazy("field of education", "Sports")),
            ("1015", pgettext_lazy("field of education", "Travel, tourism and leisure")),
            ("1021", pgettext_lazy("field of education", "Community sanitation")),
            ("1022", pgettext_lazy("field of education", "Occupational health and safety")),
            ("1031", pgettext_lazy("field of education", "Military and defence")),
            ("1032", pgettext_lazy("field of education", "Protection of persons and property")),
            ("1041", pgettext_lazy("field of education", "Transport services")),
        ],
    ),
]
