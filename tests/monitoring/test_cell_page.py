"""The cell's page and panel: writing, conflicts, review, comments, history, over HTTP."""

import uuid

import pytest
from django.urls import reverse

from monitoring.models import Cell, Comment
from tests.factories import make_facilitator, write_cell

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def cell(cycle):
    return Cell.objects.for_page().get(cycle=cycle, aspect__number=2, centre__code="alpha")


def url(name, cell, *more):
    return reverse(f"monitoring:{name}", args=[cell.cycle.code, cell.aspect.number, cell.centre.code, *more])


def words(version, finding="Two are broken.", **more):
    return {"version": version, "finding": finding, "perspective": "", "level": "weak", "do": "save", **more}


def test_saving_returns_to_the_same_page(client_of, cell, expert):
    response = client_of(expert).post(url("cell", cell), words(0), follow=True)
    assert response.redirect_chain == [(url("cell", cell), 302)]
    assert "Draft saved." in response.content.decode()
    cell.refresh_from_db()
    assert (cell.finding, cell.state, cell.level) == ("Two are broken.", "draft", "weak")


def test_the_panel_saves_and_refreshes_the_table(client_of, cell, expert):
    response = client_of(expert).post(url("cell", cell), words(0), headers=HTMX)
    text = response.content.decode()
    assert "<html" not in text
    assert f'<div id="cell-{cell.pk}" hx-swap-oob="true">' in text


def test_the_panel_refreshes_the_numbers_above_the_table(client_of, cell, expert):
    text = client_of(expert).post(url("cell", cell), words(0), headers=HTMX).content.decode()
    assert '<span id="counts" hx-swap-oob="true">' in text
    assert "1 draft" in text


def test_a_conflict_says_when_only_the_state_changed(client_of, cell, expert, coordinator):
    cell.revise(by=expert, version=0, finding="Base text.", level="weak")
    cell.submit(by=coordinator, version=1)
    text = client_of(expert).post(url("cell", cell), words(1, finding="My text.")).content.decode()
    assert "moved this cell on" in text


def test_save_and_submit(client_of, cell, expert):
    client_of(expert).post(url("cell", cell), words(0, do="submit"))
    cell.refresh_from_db()
    assert cell.state == "submitted"


def test_save_and_submit_sent_twice_is_done_once(client_of, cell, expert, coordinator):
    client, data = client_of(expert), words(0, do="submit")
    assert [client.post(url("cell", cell), data).status_code for _ in range(2)] == [302, 302]
    cell.refresh_from_db()
    assert (cell.state, cell.version, cell.steps.count()) == ("submitted", 2, 2)
    assert client_of(coordinator).post(url("cell", cell), data).status_code == 422


def test_save_and_submit_sent_twice_at_once_is_done_once(client_of, cell, expert, monkeypatch):
    """The second request reads the cell before the first has written it."""
    write, client = Cell._write, client_of(expert)

    def overtaken(self, **kwargs):
        monkeypatch.setattr(Cell, "_write", write)
        assert client_of(expert).post(url("cell", cell), words(0, do="submit")).status_code == 302
        write(self, **kwargs)

    monkeypatch.setattr(Cell, "_write", overtaken)
    assert client.post(url("cell", cell), words(0, do="submit")).status_code == 302
    cell.refresh_from_db()
    assert (cell.state, cell.version, cell.steps.count()) == ("submitted", 2, 2)


def test_submitting_without_a_finding_stores_nothing_and_keeps_the_text(client_of, cell, expert):
    cell.revise(by=expert, version=0, finding="Two are broken.")
    response = client_of(expert).post(url("cell", cell), words(1, finding=" ", perspective="A repair.", do="submit"))
    assert response.status_code == 422
    assert "Write a finding before submitting" in response.content.decode()
    assert "A repair." in response.content.decode()
    cell.refresh_from_db()
    assert (cell.finding, cell.perspective, cell.state, cell.version) == ("Two are broken.", "", "draft", 1)


def test_the_second_writer_sees_mine_theirs_base_and_can_save_again(client_of, cell, expert, coordinator):
    cell.revise(by=expert, version=0, finding="Base text.")
    client_of(coordinator).post(url("cell", cell), words(1, finding="Their text."))
    client = client_of(expert)
    response = client.post(url("cell", cell), words(1, finding="My text."))
    assert response.status_code == 409
    text = response.content.decode()
    assert [part in text for part in ("Base text.", "Their text.", "My text.")] == [True, True, True]
    form = response.context["form"]
    assert (form.initial["finding"], form.initial["version"]) == ("My text.", 2)
    client.post(url("cell", cell), words(2, finding="Their text. My text."))
    cell.refresh_from_db()
    assert cell.finding == "Their text. My text."
    assert [event.finding for event in cell.events.order_by("pgh_id")] == [
        "",
        "Base text.",
        "Their text.",
        "Their text. My text.",
    ]


def test_a_conflict_when_the_other_one_submitted_keeps_my_text(client_of, cell, expert, coordinator):
    cell.revise(by=expert, version=0, finding="Base text.")
    client_of(coordinator).post(url("cell", cell), words(1, finding="Their text.", do="submit"))
    response = client_of(expert).post(url("cell", cell), words(1, finding="My text."))
    assert response.status_code == 409
    assert "My text." in response.content.decode()
    again = client_of(expert).post(
        url("cell", cell), words(response.context["form"].initial["version"], finding="My text.")
    )
    assert again.status_code == 422
    assert "Take the cell back" in again.content.decode()
    assert "My text." in again.content.decode()
    version = again.context["form"].initial["version"]
    client_of(expert).post(url("cell", cell), words(version, finding="My text.", do="take back"))
    cell.refresh_from_db()
    assert (cell.finding, cell.state) == ("My text.", "draft")


def test_a_cell_that_left_the_cycle_gives_the_text_back(client_of, cell, cycle, alpha, expert, monkeypatch):
    found = Cell.objects.for_page().get(pk=cell.pk)
    monkeypatch.setattr("monitoring.views.cells.find", lambda *args: found)
    cycle.cells.filter(centre=alpha).exclude(aspect__number=1).delete()
    response = client_of(expert).post(url("cell", cell), words(0, finding="Written in vain?"))
    assert response.status_code == 410
    assert "Written in vain?" in response.content.decode()


@pytest.mark.parametrize(
    "bad",
    [
        {"version": ""},
        {"version": "x"},
        {"version": -1},
        {"level": "great"},
        {"finding": "x" * 20_001},
        {"finding": "a\x00b"},
    ],
)
def test_wrong_input_is_named_and_changes_nothing(client_of, cell, expert, bad):
    response = client_of(expert).post(url("cell", cell), words(0) | bad)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    cell.refresh_from_db()
    assert cell.version == 0


def test_review_over_http(client_of, cell, expert, coordinator):
    write_cell(cell, expert, state="submitted")
    client = client_of(coordinator)
    refused = client.post(url("step", cell), {"do": "return", "version": cell.version, "note": ""})
    assert refused.status_code == 422
    assert "Write why the cell is returned." in refused.content.decode()
    client.post(url("step", cell), {"do": "return", "version": cell.version, "note": "How many?"})
    assert "How many?" in client_of(expert).get(url("cell", cell)).content.decode()
    cell.refresh_from_db()
    assert cell.state == "returned"


def test_accepting_what_has_changed_since_is_refused_with_the_reason_kept(client_of, cell, expert, coordinator):
    write_cell(cell, expert, state="submitted")
    opened = cell.version
    cell.withdraw(by=expert, version=cell.version)
    cell.submit(by=expert, version=cell.version)
    response = client_of(coordinator).post(url("step", cell), {"do": "accept", "version": opened, "note": "Well done."})
    assert response.status_code == 422
    assert "Read it again" in response.content.decode()
    assert "Well done." in response.content.decode()


@pytest.mark.parametrize("data", [{}, {"do": "fly", "version": 1}, {"do": "accept"}, {"do": "accept", "version": "x"}])
def test_a_nonsense_step_is_a_bad_request(client_of, cell, expert, data):
    assert client_of(expert).post(url("step", cell), data).status_code == 400


@pytest.mark.parametrize("bad", ["x" * 2_001, "Why\x00?"])
def test_a_note_that_cannot_be_kept_is_named_and_stays_in_its_field(client_of, cell, expert, bad):
    write_cell(cell, expert, state="submitted")
    data = {"do": "return", "version": cell.version, "note": bad}
    response = client_of(expert).post(url("step", cell), data)
    assert response.status_code == 422
    assert f">{bad}</textarea>" in response.content.decode()
    assert 'id="note-errors" role="alert"' in response.content.decode()
    cell.refresh_from_db()
    assert cell.state == "submitted"


def test_the_longest_note_is_kept(client_of, cell, expert):
    write_cell(cell, expert, state="submitted")
    client_of(expert).post(url("step", cell), {"do": "return", "version": cell.version, "note": "x" * 2_000})
    assert cell.steps.first().note == "x" * 2_000


def test_a_reason_for_a_cell_that_was_taken_back_meanwhile_is_given_back(client_of, cell, expert, coordinator):
    write_cell(cell, expert, state="submitted")
    opened = cell.version
    cell.withdraw(by=expert, version=cell.version)
    response = client_of(coordinator).post(url("step", cell), {"do": "return", "version": opened, "note": "How many?"})
    assert response.status_code == 422
    assert '<div class="words">How many?</div>' in response.content.decode()


def test_the_language_switch_of_an_answer_leads_to_the_cell(client_of, cell, expert):
    write_cell(cell, expert, state="submitted")
    response = client_of(expert).post(url("step", cell), {"do": "return", "version": cell.version, "note": ""})
    assert f'name="next" value="{url("cell", cell)}"' in response.content.decode()


def test_a_facilitator_reads_and_comments_but_does_not_write(client_of, cell, expert, personas):
    write_cell(cell, expert, finding="Two are broken.", state="returned", note="Ask again.")
    client = client_of(personas.facilitator_alpha)
    text = client.get(url("cell", cell)).content.decode()
    assert "Two are broken." in text
    assert "Ask again." in text
    assert "Save draft" not in text
    assert client.post(url("cell", cell), words(cell.version)).status_code == 403
    remark = {"id": uuid.uuid4(), "parent": "", "text": "They were mended in May."}
    assert client.post(url("comment", cell), remark).status_code == 302
    assert [(c.author, c.text, c.centre) for c in cell.comments.all()] == [
        (personas.facilitator_alpha, "They were mended in May.", cell.centre)
    ]


def test_a_resent_comment_is_recognised(client_of, cell, expert):
    remark = {"id": uuid.uuid4(), "parent": "", "text": "Once."}
    client = client_of(expert)
    client.post(url("comment", cell), remark)
    client.post(url("comment", cell), remark)
    assert cell.comments.count() == 1


def test_someone_elses_comment_id_is_not_taken_over(client_of, cell, expert, coordinator):
    first = Comment.objects.create(cell=cell, centre=cell.centre, author=coordinator, text="Mine.")
    assert client_of(expert).post(url("comment", cell), {"id": first.pk, "parent": "", "text": "x"}).status_code == 404
    first.refresh_from_db()
    assert (first.text, first.author) == ("Mine.", coordinator)


def test_replies_and_resolving(client_of, cell, expert, personas):
    first = Comment.objects.create(cell=cell, centre=cell.centre, author=expert, text="Is it so?")
    client = client_of(personas.facilitator_alpha)
    client.post(url("comment", cell), {"id": uuid.uuid4(), "parent": first.pk, "text": "Yes."})
    assert [reply.text for reply in first.replies.all()] == ["Yes."]
    assert client.post(url("thread", cell, first.pk), {"do": "resolve"}).status_code == 403
    client_of(expert).post(url("thread", cell, first.pk), {"do": "resolve"})
    first.refresh_from_db()
    assert first.resolved_by == expert
    client_of(expert).post(url("thread", cell, first.pk), {"do": "reopen"})
    first.refresh_from_db()
    assert first.resolved_at is None


@pytest.mark.parametrize("data", [{}, {"do": "forget"}])
def test_a_nonsense_answer_to_a_thread_is_a_bad_request(client_of, cell, expert, data):
    first = Comment.objects.create(cell=cell, centre=cell.centre, author=expert, text="Is it so?")
    assert client_of(expert).post(url("thread", cell, first.pk), data).status_code == 400
    first.refresh_from_db()
    assert first.resolved_at is None


def test_a_reply_to_another_cells_thread_is_refused(client_of, cell, cycle, expert):
    other = cycle.cells.get(aspect__number=1, centre__code="beta")
    foreign = Comment.objects.create(cell=other, centre=other.centre, author=expert, text="Elsewhere.")
    response = client_of(expert).post(url("comment", cell), {"id": uuid.uuid4(), "parent": foreign.pk, "text": "x"})
    assert response.status_code == 422
    assert foreign.replies.count() == 0


def test_history_shows_changed_words_and_reasons(client_of, cell, expert, coordinator):
    cell.revise(by=expert, version=0, finding="Two computers are broken.")
    cell.revise(by=coordinator, version=1, finding="Three computers are broken.")
    cell.submit(by=expert, version=2)
    cell.give_back(by=coordinator, version=3, note="Since when?")
    text = client_of(expert).get(url("history", cell)).content.decode()
    assert "<del>Two</del><ins>Three</ins> computers are broken." in text
    assert "Since when?" in text


def test_a_donor_reads_the_text_and_nothing_of_the_work_on_it(client_of, published, personas, expert):
    cell = Cell.objects.for_page().get(cycle=published, aspect__number=1, centre__code="alpha")
    Comment.objects.create(cell=cell, centre=cell.centre, author=expert, text="Between us.")
    client = client_of(personas.donor)
    text = client.get(url("cell", cell)).content.decode()
    assert "Secret of alpha." in text
    assert [part in text for part in ("Between us.", str(expert), "Steps")] == [False, False, False]
    assert client.get(url("history", cell)).status_code == 403
    assert client.post(url("comment", cell), {"id": uuid.uuid4(), "text": "x"}).status_code == 403


def test_a_published_cell_is_read_only(client_of, published, expert):
    cell = Cell.objects.for_page().get(cycle=published, aspect__number=1, centre__code="alpha")
    assert client_of(expert).post(url("cell", cell), words(cell.version)).status_code == 403
    assert "published; its cells do not change" in client_of(expert).get(url("cell", cell)).content.decode()


@pytest.mark.parametrize("comments", [1, 3])
def test_the_cell_page_costs_the_same_with_more_comments_and_steps(
    client_of, cell, expert, comments, django_assert_num_queries
):
    write_cell(cell, expert, state="submitted")
    for n in range(comments):
        first = Comment.objects.create(
            cell=cell, centre=cell.centre, author=make_facilitator(cell.centre), text=f"No {n}"
        )
        Comment.objects.create(cell=cell, centre=cell.centre, author=expert, text="Reply", parent=first)
        cell.withdraw(by=expert, version=cell.version)
        cell.submit(by=expert, version=cell.version)
    client, path = client_of(expert), url("cell", cell)
    with django_assert_num_queries(7):
        client.get(path)
