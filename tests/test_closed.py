"""What Alpha keeps does not show to others, not even as a number: their pages read the same whether it is there or not.

The strangers are the facilitator of another centre, the donor, somebody from another network and somebody who is not
signed in. Every page that they can reach is read before and after Alpha's register is filled, with searches for
Alpha's own words; only what differs is a leak.
"""

import io
import re
import zipfile
from datetime import date

import pytest
from django.urls import reverse
from pypdf import PdfReader

from training.models import Consent, ConsentText, FollowUp, Slip

from .factories import (
    make_certificate,
    make_enrolment,
    make_group,
    make_lesson,
    make_programme,
    make_room,
    make_trainee,
    make_trainer,
)
from .kept import make_all
from .test_access import ROUTES

STRANGERS = ["facilitator_beta", "donor", "outsider", "anonymous"]
SEARCHES = ["", "?q=Құпиясова", "?q=kupiasova", "?q=secret", "?q=1", "?centre=alpha"]
KNOWN = {"alpha", "cycle", "project", 1, 2} | {"xlsx", "csv", "trainees"}
CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"'
    r"|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"  # ids minted for a form
)


def fill(centre):
    """Everything that a centre's people enter, under words that can be searched for."""
    programme = make_programme(centre=centre, title="Secret programme")
    trainer = make_trainer(centre, name="Secret Trainer")
    group = make_group(centre, programme, name="Secretgroup", end=None)
    make_room(centre, name="Secret room")
    for _copy in range(2):  # likely duplicates
        person = make_trainee(centre, surname="Құпиясова", given_name="Айгүл", phone="+7 700 000 00 00")
    enrolment = make_enrolment(group, person)
    make_enrolment(group, status="waiting", started_on=None)
    make_lesson(group, date(2005, 1, 17), present=[enrolment], topic="Secret topic", trainer=trainer)
    make_lesson(make_group(centre, programme, keeping="totals"), date(2005, 1, 18), women=7, men=3)
    Slip.objects.create(centre=centre, group=group, language="kk", content="bad", words="Secret words")
    graduate = make_enrolment(group, status="completed", ended_on=date(2005, 3, 1))
    FollowUp.objects.create(centre=centre, enrolment=graduate, asked_by="Secret", result="employed")
    Consent.objects.create(centre=centre, trainee=person, text=ConsentText.objects.get(), language="kk")
    make_certificate(centre, name="Құпиясова Айгүл")
    make_all(centre)["target_group"].delete()  # that one is the network's


def readable(response) -> str:
    """The answer's words, without what changes from one page load to the next; workbooks and PDFs as text."""
    body = response.getvalue()
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts = {name: packed.read(name) for name in packed.namelist() if name.startswith("xl/")}
        return str(parts)
    if body.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return CHANGING.sub("", body.decode("utf-8", "replace"))


def addresses():
    """Every page that names no object of Alpha but its code; where it names nothing, with searches as well."""
    for name, route in ROUTES.items():
        if set(route.args) <= KNOWN:
            for centre in ("alpha", "beta") if "alpha" in route.args else ("",):
                searches = SEARCHES if set(route.args) <= {"xlsx", "csv", "trainees"} else [""]
                yield name, [centre if arg == "alpha" else arg for arg in route.args], searches


@pytest.mark.django_db
@pytest.mark.parametrize("persona", STRANGERS)
def test_nothing_that_a_centre_keeps_shows_elsewhere(persona, cycle, alpha, project, personas, client_of):
    client = client_of(getattr(personas, persona))
    ConsentText.objects.create(network=alpha.network, number=1, text="May we?")

    def pages():
        known = {"project": project.code, "cycle": cycle.code}
        for name, args, searches in addresses():
            path = reverse(name, args=[known.get(arg, arg) for arg in args])
            for query in searches:
                response = client.get(path + query)
                yield path + query, (response.status_code, readable(response))

    before = dict(pages())
    fill(alpha)
    after = dict(pages())
    assert len(before) > 300
    assert len(before) > 150
    assert [path for path in before if before[path] != after[path]] == []


@pytest.mark.django_db
def test_the_centre_itself_sees_it(cycle, alpha, personas, client_of):
    """The control: the same comparison finds the difference for Alpha's own facilitator."""
    client = client_of(personas.facilitator_alpha)
    paths = [reverse("training:groups"), reverse("training:trainees"), reverse("training:index"), reverse("today")]
    ConsentText.objects.create(network=alpha.network, number=1, text="May we?")
    before = [readable(client.get(path)) for path in paths]
    fill(alpha)
    after = [readable(client.get(path)) for path in paths]
    assert [one != other for one, other in zip(before, after, strict=True)] == [True, True, True, True]
