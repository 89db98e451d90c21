"""manage.py import_matrix: the same import from the command line."""

from contextlib import nullcontext
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_cycle, make_expert, make_network, write_cell
from tests.spreadsheets import as_csv, as_xlsx

from .tables import HEADINGS, TABLE
from .test_plan import cell, everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def blank(alpha, beta, coordinator):
    """A cycle in which nothing is written yet, in a network that has a coordinator."""
    return make_cycle(alpha.network, [alpha, beta], code="2006")


@pytest.fixture
def table(tmp_path):
    """Write a file and give its path."""

    def write(data=None, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(as_csv(TABLE) if data is None else data)
        return str(path)

    return write


def run(*arguments):
    """What the command printed: (stdout, stderr)."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_matrix", *arguments, stdout=out, stderr=err)
    finally:
        run.err = err.getvalue()
    return out.getvalue()


def refused(*arguments):
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    return str(caught.value)


def test_dry_run_import_and_again(blank, coordinator, table):
    before = everything(blank)
    out = run(table(), "--cycle", "2006", "--dry-run")
    assert out.splitlines() == [
        "                 added  changed  the same  left as they are",
        "Cells                6        0         0                 0",
        "Conclusions          3        0         0                 0",
        "Recommendations      3        0         0                 0",
        "Dry run: nothing was written.",
    ]
    assert everything(blank) == before
    assert run(table(), "--cycle", "2006").splitlines()[-1] == f"Imported by {coordinator}."
    assert cell(blank, 1, "alpha").updated_by == coordinator
    before = everything(blank)
    again = run(table(as_xlsx(TABLE), "table.xlsx"), "--cycle", "2006").splitlines()
    assert (again[1].split(), again[-1]) == (["Cells", "0", "0", "6", "0"], "Nothing to change.")
    assert everything(blank) == before


def test_who_imports_is_recorded(blank, expert, table):
    run(table(), "--cycle", "2006", "--by", "expert")
    first = cell(blank, 1, "alpha")
    assert (first.updated_by, first.steps.get().by) == (expert, expert)
    event = first.events.order_by("-pgh_id").first()
    assert event.pgh_context.metadata == {"user": expert.pk, "command": "import_matrix", "file": "table.csv"}


def test_errors_go_to_stderr_and_nothing_is_written(blank, table):
    before = everything(blank)
    rows = [[*HEADINGS[:3], "Omsk", HEADINGS[4]], *TABLE[1:3]]
    assert refused(table(as_csv(rows)), "--cycle", "2006") == "Nothing was imported: 2 errors."
    assert "row 1, column D: “Omsk” is not a centre of this network." in run.err
    assert "Aspect 3, “Committee”, has no row." in run.err
    assert everything(blank) == before


def test_accepted_cells_need_the_option(blank, expert, table):
    first = write_cell(cell(blank, 1, "alpha"), expert, state="accepted")
    assert "--overwrite-accepted" in refused(table(), "--cycle", "2006")
    assert "1 Alpha" in run.err
    first.refresh_from_db()
    assert first.state == "accepted"
    run(table(), "--cycle", "2006", "--overwrite-accepted")
    first.refresh_from_db()
    assert first.state == "draft"


@pytest.mark.parametrize(("answer", "state"), [("", "accepted"), ("n", "accepted"), ("y", "draft"), ("Да", "draft")])
def test_somebody_at_the_terminal_is_asked(blank, expert, table, monkeypatch, answer, state):
    first = write_cell(cell(blank, 1, "alpha"), expert, state="accepted")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: answer)
    with nullcontext() if state == "draft" else pytest.raises(CommandError):
        run(table(), "--cycle", "2006")
    first.refresh_from_db()
    assert first.state == state


def test_sentences_for_what_cannot_be_done(blank, published, table, tmp_path):
    make_expert(make_network(), username="stranger")
    for arguments, sentence in (
        ((str(tmp_path / "none.csv"), "--cycle", "2006"), "cannot be read: No such file or directory."),
        ((str(tmp_path), "--cycle", "2006"), "cannot be read: Is a directory."),
        ((table(), "--cycle", "1999"), "There is no cycle “1999”. Known cycles: 2005, 2006."),
        ((table(), "--cycle", "2005"), "This cycle is published and therefore frozen."),
        ((table(), "--cycle", "2006", "--by", "nobody"), "There is no account “nobody”."),
        ((table(), "--cycle", "2006", "--by", "stranger"), "is neither coordinator nor expert of this network."),
        ((table(b"%PDF-1.4", "document.csv"), "--cycle", "2006"), "This is a PDF document, not a table."),
        (
            (table(b"a" * (10 * 1024 * 1024 + 1), "big.csv"), "--cycle", "2006"),
            "The file has 11 MB; the limit is 10 MB.",
        ),
    ):
        assert sentence in refused(*arguments)


def test_a_network_without_coordinator_needs_a_name(network, alpha, expert, table):
    make_cycle(network, [alpha], code="2007")
    assert "--by" in refused(table(), "--cycle", "2007")
