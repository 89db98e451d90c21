"""The pages of an import: choose, look, confirm; and the tables that come out."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from centres.models import Equipment, TargetGroup
from training.models import Enrolment, ImportJob, Trainee

from ...factories import make_centre, make_enrolment, make_facilitator, make_group, make_lesson, make_trainee
from .tables import TRAINEES, checked, person, table

pytestmark = pytest.mark.django_db
URL = "/training/import/"


def post(client, data, kind="trainees", mode="add", name="list.csv", **fields):
    upload = SimpleUploadedFile(name, data)
    given = {"kind": kind, "mode": mode, "file": upload, **fields}
    return client.post(URL, {key: value for key, value in given.items() if value is not None})


def test_from_the_file_to_the_register(alpha, personas, client_of):
    client = client_of(personas.facilitator_alpha)
    answer = post(client, table(TRAINEES, person("Kim"), person("Lee")))
    job = ImportJob.objects.get()
    assert (answer.status_code, answer.url) == (302, job.get_absolute_url())
    page = client.get(answer.url)
    assert '<td class="number">2</td>' in page.text
    assert Trainee.objects.count() == 0
    answer = client.post(job.get_absolute_url(), {"fingerprint": job.preview["fingerprint"]}, follow=True)
    assert "This is what was done:" in answer.text
    assert Trainee.objects.count() == 2


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("mode", "Say whether the file is added or replaces what is there."),
        ("kind", "This field is required."),
        ("file", "Choose the file that holds the list."),
    ],
)
def test_nothing_is_guessed(alpha, personas, client_of, missing, sentence):
    client = client_of(personas.facilitator_alpha)
    answer = post(client, table(TRAINEES, person("Kim")), **{missing: None})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not ImportJob.objects.exists()
    assert 'value="add" checked' not in client.get(URL).text


def test_a_coordinator_says_which_centre(alpha, beta, personas, client_of):
    client = client_of(personas.coordinator)
    assert post(client, table(TRAINEES, person("Kim"))).status_code == 422
    assert post(client, table(TRAINEES, person("Kim")), centre="beta").status_code == 302
    assert ImportJob.objects.get().centre == beta


def test_another_centre_cannot_be_chosen(alpha, beta, personas, client_of):
    answer = post(client_of(personas.facilitator_alpha), table(TRAINEES, person("Kim")), centre="beta")
    assert answer.status_code == 422
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty. Choose the file that holds the table."),
        (b"%PDF-1.7", "This is a PDF document, not a table."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old Excel file (.xls)."),
        (b"Colour,Size\nred,3\n", "No row with the heading “Surname” was found. Start from the table to fill in."),
        (b"Surname,Given name\n", "Below the headings there is nothing."),
        (b"Surname,Sex\nKim,f\n", "The column “Given name” is missing."),
        (b"Surname,Given name,Surname\nKim,A,B\n", "The column “Surname” comes twice."),
    ],
)
def test_what_is_no_list_is_refused_in_place(alpha, personas, client_of, data, sentence):
    answer = post(client_of(personas.facilitator_alpha), data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not ImportJob.objects.exists()


def test_a_column_that_nobody_knows_is_left_out_and_told(alpha, personas, client_of):
    client = client_of(personas.facilitator_alpha)
    page = client.get(post(client, table(["Surname", "Given name", "Shoe size"], ["Kim", "Aigul", "37"])).url)
    assert "The column “Shoe size” is not known and is left out." in page.text


def test_likely_duplicates_have_to_be_decided(alpha, personas, client_of):
    make_trainee(alpha, surname="Kim", given_name="Aigul", birth_year=1985)
    client = client_of(personas.facilitator_alpha)
    job = checked(alpha, personas.facilitator_alpha, "trainees", table(TRAINEES, person("Aigul", "Kim")))
    answer = client.post(job.get_absolute_url(), {"fingerprint": job.preview["fingerprint"]})
    assert answer.status_code == 422
    assert "Say what becomes of the likely duplicates." in answer.text
    client.post(job.get_absolute_url(), {"fingerprint": job.preview["fingerprint"], "doubles": "add"})
    assert Trainee.objects.count() == 2


def test_who_sees_an_upload(alpha, personas, client_of):
    job = checked(alpha, personas.facilitator_alpha, "trainees", table(TRAINEES, person("Kim")))
    colleague = make_facilitator(alpha)
    answers = {
        name: client_of(user).get(job.get_absolute_url()).status_code
        for name, user in {**vars(personas), "colleague": colleague}.items()
    }
    assert answers == {
        "coordinator": 200,
        "expert": 404,
        "facilitator_alpha": 200,
        "facilitator_beta": 404,
        "donor": 404,
        "outsider": 404,
        "anonymous": 302,
        "colleague": 404,
    }
    answer = client_of(personas.coordinator).post(job.get_absolute_url(), {"fingerprint": "x"})
    assert answer.status_code == 403
    assert "list.csv" in client_of(personas.coordinator).get(URL).text
    assert "list.csv" not in client_of(colleague).get(URL).text


def test_forgetting(alpha, personas, client_of):
    client = client_of(personas.facilitator_alpha)
    job = checked(alpha, personas.facilitator_alpha, "trainees", table(TRAINEES, person("Kim")))
    client.post(reverse("training:import_forget", args=[job.pk]))
    job.refresh_from_db()
    assert (job.state, job.rows_read, job.preview) == ("forgotten", None, {})
    answer = client.post(job.get_absolute_url(), {"fingerprint": ""}, follow=True)
    assert "This file was not confirmed within a day, or was dropped." in answer.text


def test_a_job_under_way_shows_its_progress(alpha, personas, client_of):
    job = checked(alpha, personas.facilitator_alpha, "trainees", table(TRAINEES, person("Kim")))
    ImportJob.objects.update(state="checking", progress=40, task="one in the queue")
    page = client_of(personas.facilitator_alpha).get(job.get_absolute_url())
    assert '<progress max="100" value="40"' in page.text
    assert f'hx-get="{job.get_absolute_url()}"' in page.text
    assert '<meta http-equiv="refresh" content="3">' in page.text


# --- Tables to fill in ------------------------------------------------------------------------------------------------


def filled(data, *rows):
    """The table to fill in with these rows in it, by heading."""
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    heads = {cell.value.removesuffix(" *"): cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, start=2):
        for head, value in row.items():
            sheet.cell(number, heads[head], value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def choices(data, head):
    """What the drop-down below a heading offers."""
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    [letter] = [cell.column_letter for cell in sheet[1] if cell.value.removesuffix(" *") == head]
    [rule] = [rule for rule in sheet.data_validations.dataValidation if f"{letter}2" in str(rule.sqref)]
    name, _mark, place = rule.formula1.partition("!")
    return [cell.value for (cell,) in book[name][place.replace("$", "")]]


def test_a_filled_table_comes_in_without_a_complaint(alpha, beta, personas, client_of):
    client = client_of(personas.facilitator_alpha)
    group = make_group(alpha, name="Sewing")
    make_group(beta, name="Foreign")
    lesson = make_lesson(group)
    rows = {
        "trainees": [{"Surname": "Kim", "Given name": "Aigul", "Year of birth": 1985, "Sex": "female"}],
        "enrolments": [
            {
                "Group": "Sewing, 10.01.2005",
                "Trainee": "Kim Aigul, 1985",
                "Status": "enrolled",
                "Began on": "10.01.2005",
            }
        ],
        "attendance": [
            {"Group": "Sewing, 10.01.2005", "Day": lesson.date, "Trainee": "Kim Aigul, 1985", "Mark": "there"}
        ],
        "equipment": [{"Kind": "computer", "Pieces": 2, "Of these work": 1, "What is wrong": "noise"}],
        "incomes": [{"Date": "01.03.2005", "Source": "rent", "Amount": 12.5}],
    }
    for kind, told in rows.items():
        blank = client.get(reverse("training:import_table", args=["alpha", kind])).content
        if kind == "enrolments":
            assert choices(blank, "Group") == ["Sewing, 10.01.2005"]
            assert choices(blank, "Trainee") == ["Kim Aigul, 1985"]
            assert choices(blank, "Status") == [str(word) for word in Enrolment.Status.labels]
        answer = post(client, filled(blank, *told), kind=kind, name="table.xlsx")
        assert answer.status_code == 302, answer.text
        job = ImportJob.objects.latest("created_at")
        assert (job.state, job.problems, job.preview["new"]) == ("checked", [], 1), (kind, job.problems)
        client.post(job.get_absolute_url(), {"fingerprint": job.preview["fingerprint"]})
        job.refresh_from_db()
        assert job.state == "done"


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_the_table_speaks_the_readers_language(alpha, client_of, language):
    client = client_of(make_facilitator(alpha, language=language))
    blank = client.get(reverse("training:import_table", args=["alpha", "trainees"])).content
    head = load_workbook(io.BytesIO(blank)).worksheets[0]["A1"].value
    assert head in {"Фамилия *", "Тегі *"}
    sex = choices(blank, load_workbook(io.BytesIO(blank)).worksheets[0]["E1"].value)
    answer = post(client, filled(blank, {head.removesuffix(" *"): "Ким"}), name="table.xlsx")
    assert ImportJob.objects.get().state == "refused"
    assert len(sex) == 2
    assert answer.status_code == 302


def test_the_table_of_another_centre_is_refused_without_a_word_about_it(alpha, personas, client_of):
    make_centre(alpha.network, code="secret", name="Secret place")
    blank = client_of(personas.coordinator).get(reverse("training:import_table", args=["secret", "trainees"])).content
    client = client_of(personas.facilitator_alpha)
    answer = post(client, filled(blank, {"Surname": "Kim", "Given name": "Aigul"}), name="table.xlsx")
    assert answer.status_code == 422
    sentence = "This table was made for another centre. Take the one for Alpha, or choose the right centre."
    assert sentence in answer.text
    assert "ecret" not in answer.text


def test_errors_of_a_spreadsheet_program_are_told(alpha, personas, client_of):
    book = Workbook()
    sheet = book.active
    for row in (["Surname", "Given name", "Phone"], ["Kim", "#REF!", "=1+1"]):
        sheet.append(row)
    sheet["B2"].data_type = "e"
    file = io.BytesIO()
    book.save(file)
    client = client_of(personas.facilitator_alpha)
    answer = post(client, file.getvalue(), name="a.xlsx")
    assert answer.status_code == 422
    assert "This cell holds the error #REF!." in answer.text
    assert "This cell holds a formula. Put its value there instead." in answer.text


# --- Exports ----------------------------------------------------------------------------------------------------------


def rows_of(answer):
    """An export's rows by heading."""
    if "csv" in answer["Content-Type"]:
        return list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def exported(client, kind, extension="csv", query=""):
    return rows_of(client.get(reverse("training:export", args=[kind, extension]) + query))


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again(alpha, personas, client_of, extension):
    client = client_of(personas.facilitator_alpha)
    farmers = TargetGroup.objects.create(network=alpha.network, key="farmers", title="Farmers")
    kim = make_trainee(alpha, surname="Kim", phone="+7 701", note="=1+1", needy="yes")
    kim.target_group_marks.create(centre=alpha, target_group=farmers)
    enrolment = make_enrolment(make_group(alpha, name="-Sewing"), kim)
    make_lesson(enrolment.group, present=[enrolment])
    Equipment.objects.create(centre=alpha, kind="fax", quantity=1, working=0, fault="paper")
    for kind in ("trainees", "enrolments", "attendance", "equipment"):
        answer = client.get(reverse("training:export", args=[kind, extension]))
        data = b"".join(answer) if answer.streaming else answer.content
        for mode in ("add", "replace"):
            assert post(client, data, kind=kind, mode=mode).status_code == 302
            job = ImportJob.objects.latest("created_at")
            assert (job.state, job.problems) == ("checked", []), (kind, mode, job.problems)
            preview = {name: job.preview[name] for name in ("new", "changed", "unchanged", "removed", "blocked")}
            assert preview == {"new": 0, "changed": 0, "unchanged": 1, "removed": 0, "blocked": 0}, (kind, mode)


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_no_formula_leaves(alpha, personas, client_of, extension):
    make_trainee(alpha, surname="=cmd|'/c calc'!A1", given_name="+1", note="@x")
    [row] = exported(client_of(personas.facilitator_alpha), "trainees", extension)
    assert (row["Surname"], row["Given name"], row["Note"]) == ("'=cmd|'/c calc'!A1", "'+1", "'@x")


def test_exports_hold_what_the_reader_may_see(alpha, beta, personas, client_of):
    for centre in (alpha, beta, make_centre(code="far")):
        make_trainee(centre, surname=centre.code, phone="+7 701", needy="yes", guardian_name="Her mother")

    def seen(user):
        return [
            (row["Centre"], row["Phone"], row["Needy family"], row["Guardian"])
            for row in exported(client_of(user), "trainees")
        ]

    inside = ("'+7 701", "yes", "Her mother")
    assert seen(personas.facilitator_alpha) == [("alpha", *inside)]
    assert seen(personas.coordinator) == [("alpha", *inside), ("beta", *inside)]
    assert seen(personas.expert) == [("alpha", "", "", ""), ("beta", "", "", "")]
    assert len(exported(client_of(personas.coordinator), "trainees", query="?centre=beta")) == 1


@pytest.mark.parametrize(
    ("path", "queries"),
    [(URL, 6), ("/training/export/trainees.csv", 5), ("/training/export/attendance.xlsx", 4)],
)
def test_as_many_queries_at_three_rows_as_at_one(alpha, personas, client_of, django_assert_num_queries, path, queries):
    client = client_of(personas.facilitator_alpha)
    for rows in (1, 3):
        while Trainee.objects.count() < rows:
            enrolment = make_enrolment(make_group(alpha))
            make_lesson(enrolment.group, present=[enrolment])
            checked(alpha, personas.facilitator_alpha, "trainees", table(TRAINEES, person("Kim")))
        with django_assert_num_queries(queries):
            answer = client.get(path)
            if answer.streaming:
                answer.getvalue()


def test_a_csv_file_speaks_the_readers_language_to_its_end(alpha, client_of):
    make_trainee(alpha, surname="Ким", sex="f")
    answer = client_of(make_facilitator(alpha, language="ru")).get("/training/export/trainees.csv")
    [row] = rows_of(answer)
    assert (row["Фамилия"], row["Пол"]) == ("Ким", "женский")


@pytest.mark.parametrize(
    ("state", "task", "left"),
    [
        ("writing", "", "forgotten"),  # begun by a version of the program that is no more
        ("failed", "one", "forgotten"),
        ("writing", "one", "writing"),
        ("done", "", "done"),
    ],
)
def test_what_was_stopped_can_be_forgotten_and_what_is_under_way_says_why_not(
    alpha, personas, client_of, state, task, left
):
    client = client_of(personas.facilitator_alpha)
    job = checked(alpha, personas.facilitator_alpha, "trainees", table(TRAINEES, person("Kim")))
    ImportJob.objects.update(state=state, task=task)
    page = client.get(job.get_absolute_url())
    forget = reverse("training:import_forget", args=[job.pk])
    assert (forget in page.text) is (left == "forgotten")
    answer = client.post(forget, follow=True)
    job.refresh_from_db()
    assert (job.state, job.rows_read is None) == (left, left == "forgotten")
    sentence = "This file is under way or done, and cannot be forgotten."
    assert (sentence in answer.text) is (left != "forgotten")


def test_more_than_a_hundred_rows_are_left_to_the_background(alpha, personas, client_of, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    client = client_of(personas.facilitator_alpha)
    for rows, state in ((100, "checked"), (101, "waiting")):
        people = [person(f"Surname{rows}-{n}") for n in range(rows)]
        page = client.get(post(client, table(TRAINEES, *people)).url)
        job = ImportJob.objects.get(rows=rows)
        assert (job.state, bool(job.task)) == (state, state == "waiting")
        assert ("hx-get" in page.text) is (state == "waiting")


def test_a_problem_names_its_column_as_the_file_does_and_up_to_five_rows(alpha, personas, client_of):
    client = client_of(personas.facilitator_alpha)
    rows = [["Ким", "А", "19б5"], ["Ли", "А", "1985"], ["Пак", "А", "x"]]
    page = client.get(post(client, table(["Фамилия", "Имя", "Год рождения"], *rows)).url)
    assert "Rows 2, 4, column C (Год рождения)" in " ".join(page.text.split())
