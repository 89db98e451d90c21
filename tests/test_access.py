"""The sweep: every route, tried by every persona against Alpha's objects.

A route that is neither listed as public nor given here with arguments and expected answers fails. The order of the
answers is that of PERSONAS; facilitator_beta runs another centre of the same network, the outsider has every role in
another network.
"""

from dataclasses import dataclass, field

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse

from centres.models import Invitation, ProjectPartner
from monitoring.exchange.parsed import Parsed as ParsedAnswers
from monitoring.imports.matrix import ParsedMatrix
from monitoring.models import AnswerComment, AnswerImport, Comment, MatrixImport
from training.models import ImportJob

from .factories import (
    make_answer,
    make_certificate,
    make_cycle,
    make_expert,
    make_follow_up,
    make_group,
    make_lesson,
    make_people,
    make_post,
    make_programme,
    make_questionnaire,
    make_room,
    make_seminar,
    make_slip,
    make_template,
    make_trainer,
    make_unit,
)
from .kept import make_all

PERSONAS = ["coordinator", "expert", "facilitator_alpha", "facilitator_beta", "donor", "outsider", "anonymous"]
LOGIN = 302

PUBLIC = {
    # Reached without an account, and harmless: they show a form, change a cookie, or need a secret link.
    "language",
    "invitation",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "certificate_search",
    "certificate_public",
    "training:timetable_feed",
}


@dataclass(frozen=True)
class Route:
    """Arguments by the world's fixtures, and the answers to GET and POST per persona."""

    get: str
    args: tuple = ()
    post: str = ""
    data: dict = field(default_factory=dict)


ALL = "200 200 200 200 200 200 302"
COORDINATOR_ALONE = "200 403 403 403 403 200 302"  # of any network: the outsider coordinates elsewhere
INSIDE = "200 200 200 404 404 404 302"
OVERSEEN = "200 200 404 404 404 404 302"  # coordinators and experts of the network
DRAFTED = "200 403 404 404 404 404 302"  # its coordinators
UNDRAFTED = "422 403 404 404 404 404 302"
KEPT = "200 403 200 404 404 404 302"
WORKERS = "200 200 200 200 403 200 302"  # everybody but donors
DELETED = "302 404 404 404 404 404 302"
ONLY_POST = "405 405 405 405 405 405 302"

ROUTES = {
    "today": Route(ALL),
    # Own account
    "account_change_password": Route("302 302 302 302 302 302 302"),  # they have no password yet ...
    "account_set_password": Route(ALL),  # ... so they are led here
    "people:profile": Route(ALL),
    # People
    "people:list": Route(COORDINATOR_ALONE),
    "people:invite": Route(COORDINATOR_ALONE),
    "people:send_again": Route("405 403 403 403 403 405 302", ("invitation",), "200 403 403 403 403 404 302"),
    "people:withdraw": Route("405 403 403 403 403 405 302", ("invitation",), "302 403 403 403 403 404 302"),
    "people:end": Route("200 404 404 404 404 404 302", ("membership",), "302 404 404 404 404 404 302", {"when": "now"}),
    "people:role": Route("200 403 403 403 403 404 302", ("person",)),
    # Register
    "centres:list": Route(ALL),
    "centres:xlsx": Route(ALL),
    "centres:csv": Route(ALL),
    "centres:import": Route(COORDINATOR_ALONE),
    "centres:import_blank": Route(COORDINATOR_ALONE),
    "centres:import_confirm": Route(ONLY_POST, (), "302 403 403 403 403 302 302"),
    "centres:new": Route(COORDINATOR_ALONE),
    "centres:detail": Route("200 200 200 200 200 404 302", ("alpha",)),
    "centres:edit": Route("200 403 403 403 403 404 302", ("alpha",)),
    "centres:contacts": Route("200 403 200 403 403 404 302", ("alpha",)),
    "centres:history": Route("200 200 200 403 403 404 302", ("alpha",)),
    "centres:post_new": Route("200 403 403 403 403 404 302", ("alpha", "head")),
    "centres:post_edit": Route("200 403 403 403 403 404 302", ("alpha", "post")),
    "centres:post_delete": Route(ONLY_POST, ("alpha", "post"), DELETED),
    "centres:places": Route(COORDINATOR_ALONE),
    "centres:place_new": Route(COORDINATOR_ALONE),
    "centres:place": Route(COORDINATOR_ALONE, ("place",)),
    "centres:project_list": Route(ALL),
    "centres:project_new": Route(COORDINATOR_ALONE),
    "centres:project": Route("200 200 200 200 200 404 302", ("project",)),
    "centres:project_edit": Route("200 403 403 403 403 404 302", ("project",)),
    "centres:partner_new": Route("200 403 403 403 403 404 302", ("project",)),
    "centres:partner_edit": Route("200 403 403 403 403 404 302", ("project", "partner")),
    "centres:partner_delete": Route(ONLY_POST, ("project", "partner"), "302 403 403 403 403 404 302"),
    # The training register
    "training:index": Route("200 200 200 200 403 200 302"),
    "training:centre_names": Route("200 200 200 200 403 200 302"),
    "training:first_timetable": Route("302 302 302 302 403 302 302"),
    "training:handover": Route("200 200 200 403 403 404 302", ("alpha",)),
    "centres:target_groups": Route(COORDINATOR_ALONE),
    "centres:target_group_new": Route(COORDINATOR_ALONE),
    "centres:target_group_edit": Route("200 403 403 403 403 404 302", ("target_group",)),
    "centres:target_groups_furnish": Route("405 403 403 403 403 405 302", ("network",), "302 403 403 403 403 404 302"),
    # What a centre keeps. After the coordinator has deleted a row nobody finds it.
    "centres:tab_history": Route(INSIDE, ("alpha", "finance")),
    "centres:equipment": Route(INSIDE, ("alpha",)),
    "centres:equipment_new": Route(KEPT, ("alpha",)),
    "centres:equipment_edit": Route(KEPT, ("alpha", "equipment")),
    "centres:equipment_delete": Route(ONLY_POST, ("alpha", "equipment"), DELETED),
    "centres:equipment_report": Route(
        ONLY_POST, ("alpha", "equipment"), "302 403 302 404 404 404 302", {"what": "broken", "version": 1}
    ),
    "centres:committee": Route(INSIDE, ("alpha",)),
    "centres:member_new": Route(KEPT, ("alpha",)),
    "centres:member_edit": Route(KEPT, ("alpha", "member")),
    "centres:member_delete": Route(ONLY_POST, ("alpha", "member"), DELETED),
    "centres:meeting": Route(INSIDE, ("alpha", "meeting")),
    "centres:meeting_new": Route(KEPT, ("alpha",)),
    "centres:meeting_edit": Route(KEPT, ("alpha", "meeting")),
    "centres:meeting_delete": Route(ONLY_POST, ("alpha", "meeting"), DELETED),
    "centres:meeting_file": Route(INSIDE, ("alpha", "meeting")),
    "centres:decision_new": Route(KEPT, ("alpha", "meeting")),
    "centres:decision_edit": Route(KEPT, ("alpha", "decision")),
    "centres:decision_delete": Route(ONLY_POST, ("alpha", "decision"), DELETED),
    "centres:decision_done": Route(ONLY_POST, ("alpha", "decision"), "302 403 302 404 404 404 302", {"version": 1}),
    "centres:partners": Route(INSIDE, ("alpha",)),
    "centres:partner_org_new": Route(KEPT, ("alpha",)),
    "centres:partner_org_edit": Route(KEPT, ("alpha", "partner_org")),
    "centres:partner_org_delete": Route(ONLY_POST, ("alpha", "partner_org"), DELETED),
    "centres:partner_org_file": Route(INSIDE, ("alpha", "partner_org")),
    "centres:finance": Route(INSIDE, ("alpha",)),
    "centres:income_new": Route(KEPT, ("alpha",)),
    "centres:income_edit": Route(KEPT, ("alpha", "income")),
    "centres:income_delete": Route(ONLY_POST, ("alpha", "income"), DELETED),
    "centres:forecast_new": Route(KEPT, ("alpha",)),
    "centres:forecast_edit": Route(KEPT, ("alpha", "forecast")),
    "centres:forecast_delete": Route(ONLY_POST, ("alpha", "forecast"), DELETED),
    "centres:documents": Route(INSIDE, ("alpha",)),
    "centres:document_new": Route(KEPT, ("alpha",)),
    "centres:document_edit": Route(KEPT, ("alpha", "document")),
    "centres:document_delete": Route(ONLY_POST, ("alpha", "document"), DELETED),
    "centres:document_file": Route(INSIDE, ("alpha", "document")),
    "centres:community": Route(INSIDE, ("alpha",)),
    "centres:profile_new": Route(KEPT, ("alpha",)),
    "centres:profile_edit": Route(KEPT, ("alpha", "profile")),
    "centres:profile_delete": Route(ONLY_POST, ("alpha", "profile"), DELETED),
    "centres:study_new": Route(KEPT, ("alpha",)),
    "centres:study_edit": Route(KEPT, ("alpha", "study")),
    "centres:study_delete": Route(ONLY_POST, ("alpha", "study"), DELETED),
    "centres:study_file": Route(INSIDE, ("alpha", "study")),
    # Lists from spreadsheets: an upload is seen by who made it, here the coordinator
    "training:import": Route("200 403 200 200 403 200 302", (), "422 403 422 422 403 422 302"),
    "training:import_job": Route("200 404 404 404 404 404 302", ("import",), "422 404 404 404 404 404 302"),
    "training:import_forget": Route(ONLY_POST, ("import",), "302 404 404 404 404 404 302"),
    "training:import_table": Route("200 403 200 403 403 404 302", ("alpha", "trainees")),
    "training:export": Route("200 200 200 200 403 200 302", ("trainees", "csv")),
    # Cycles and templates
    "monitoring:cycles": Route(ALL),
    "monitoring:new": Route("200 200 403 403 403 200 302"),
    "monitoring:cycle": Route("200 200 200 200 404 404 302", ("cycle",)),
    "monitoring:edit": Route("200 200 403 403 404 404 302", ("cycle",)),
    "monitoring:publish": Route("200 200 403 403 404 404 302", ("cycle",), "422 422 403 403 404 404 302"),
    "monitoring:reopen": Route("200 200 403 403 404 404 302", ("cycle",), "422 422 403 403 404 404 302"),
    "monitoring:templates": Route("200 200 403 403 403 200 302"),
    "monitoring:template_new": Route("302 403 403 403 403 200 302"),  # a network has one template in versions
    "monitoring:template": Route("200 200 404 404 404 404 302", ("template",)),
    "monitoring:template_edit": Route("200 403 404 404 404 404 302", ("draft",)),
    "monitoring:template_next": Route(ONLY_POST, ("template",), "302 403 404 404 404 404 302"),
    "monitoring:template_publish": Route(
        "200 403 404 404 404 404 302", ("draft",), "302 403 404 404 404 404 302", {"revision": 1}
    ),
    "monitoring:import": Route("200 200 403 403 404 404 302", ("cycle",), "422 422 403 403 404 404 302"),
    "monitoring:import_blank": Route("200 200 403 403 404 404 302", ("cycle",)),
    "monitoring:import_preview": Route("404 200 403 403 404 404 302", ("cycle", "upload")),  # the expert's own upload
    # The matrix
    "monitoring:matrix": Route("200 200 200 200 404 404 302", ("cycle",)),
    "monitoring:steps": Route(ONLY_POST, ("cycle",), "200 200 403 403 404 404 302", {"to": "submitted"}),
    "monitoring:cell": Route(
        "200 200 200 404 404 404 302",
        ("cycle", 2, "alpha"),
        "302 302 403 404 404 404 302",
        {"version": 0, "finding": "x", "level": "weak"},
    ),
    "monitoring:step": Route(
        ONLY_POST, ("cycle", 1, "alpha"), "302 422 403 404 404 404 302", {"do": "accept", "version": 2}
    ),
    "monitoring:history": Route("200 200 200 404 404 404 302", ("cycle", 1, "alpha")),
    "monitoring:comment": Route(
        ONLY_POST,
        ("cycle", 1, "alpha"),
        "302 404 404 404 404 404 302",
        {"id": "6f2f0e6e-8a43-4b0c-9d6e-0a0f4c1d2e3f", "parent": "", "text": "x"},
    ),
    "monitoring:thread": Route(
        ONLY_POST, ("cycle", 1, "alpha", "thread"), "302 302 403 404 404 404 302", {"do": "resolve"}
    ),
    "monitoring:conclusion": Route(
        "200 200 404 404 404 404 302",
        ("cycle", 1),
        "302 302 404 404 404 404 302",
        {"version": 0, "text": "", "recommendations-TOTAL_FORMS": 0, "recommendations-INITIAL_FORMS": 0},
    ),
    "monitoring:conclusion_history": Route("200 200 404 404 404 404 302", ("cycle", 1)),
    # Questionnaires: read by experts, drafted by coordinators
    "monitoring:questionnaires": Route("200 200 403 403 403 200 302"),
    "monitoring:questionnaire_new": Route(COORDINATOR_ALONE, (), "422 403 403 403 403 422 302"),
    "monitoring:questionnaire": Route(OVERSEEN, ("questionnaire",)),
    "monitoring:questionnaire_changes": Route(OVERSEEN, ("questionnaire",)),
    "monitoring:questionnaire_next": Route(ONLY_POST, ("questionnaire",), "302 403 404 404 404 404 302"),
    "monitoring:questionnaire_map": Route(OVERSEEN, ("questionnaire",), "409 403 404 404 404 404 302"),
    "monitoring:questionnaire_publish": Route(
        DRAFTED, ("questionnaire_draft",), "302 403 404 404 404 404 302", {"revision": 1}
    ),
    "monitoring:questionnaire_discard": Route(DRAFTED, ("questionnaire_draft",), DELETED, {"revision": 1}),
    "monitoring:questionnaire_edit": Route(DRAFTED, ("questionnaire_draft",), UNDRAFTED),
    "monitoring:questionnaire_section_new": Route(DRAFTED, ("questionnaire_draft",), UNDRAFTED),
    "monitoring:questionnaire_section": Route(DRAFTED, ("questionnaire_draft", "1"), UNDRAFTED),
    "monitoring:questionnaire_section_remove": Route(
        DRAFTED, ("questionnaire_draft", "1"), "302 403 404 404 404 404 302", {"revision": 1}
    ),
    "monitoring:questionnaire_question_new": Route(DRAFTED, ("questionnaire_draft", "1"), UNDRAFTED),
    "monitoring:questionnaire_question": Route(DRAFTED, ("questionnaire_draft", "1.1"), UNDRAFTED),
    "monitoring:questionnaire_question_remove": Route(
        DRAFTED, ("questionnaire_draft", "1.1"), "302 403 404 404 404 404 302", {"revision": 1}
    ),
    # Self-assessments: all of a cycle, reminders, on paper. Who runs one centre is led from the overview to her own.
    "monitoring:assessments": Route("200 200 302 302 404 404 302", ("asked",)),
    "monitoring:assessments_remind": Route(ONLY_POST, ("asked",), "200 200 403 403 404 404 302"),
    "reports:assessment_blank_pdf": Route(INSIDE, ("asked", "alpha")),
    "reports:assessment_filled_pdf": Route(INSIDE, ("asked", "alpha")),
    "reports:questionnaire_blank_pdf": Route("200 200 404 404 404 404 302", ("questionnaire",)),
    # Questionnaires and answers as files: an upload is seen by who made it, here the coordinator
    "monitoring:xlsform": Route("200 200 404 404 404 404 302", ("questionnaire",)),
    "monitoring:assessments_import": Route("200 403 200 200 404 404 302", ("asked",), "422 403 422 422 404 404 302"),
    "monitoring:answers_preview": Route(
        "200 404 404 404 404 404 302", ("asked", "answers"), "409 404 404 404 404 404 302"
    ),
    "monitoring:assessment_workbook": Route(INSIDE, ("asked", "alpha")),
    "monitoring:assessment_import": Route(KEPT, ("writing", "alpha"), "422 403 422 404 404 404 302"),
    # One centre's: handed in already, or still being written; the coordinator has said on whose behalf she writes
    "monitoring:assessment": Route(INSIDE, ("asked", "alpha")),
    "monitoring:assessment_review": Route(INSIDE, ("asked", "alpha")),
    "monitoring:assessment_step": Route(
        ONLY_POST, ("asked", "alpha"), "302 403 409 404 404 404 302", {"do": "withdraw", "version": 1}
    ),
    "monitoring:assessment_behalf": Route(
        ONLY_POST, ("writing", "alpha"), "302 403 403 404 404 404 302", {"told_by": "x", "base": "Her"}
    ),
    "monitoring:assessment_section": Route(
        INSIDE, ("writing", "alpha", "1"), "302 403 302 404 404 404 302", {"q-1.1-version": 0, "q-1.1-text": "x"}
    ),
    "monitoring:assessment_answer": Route(
        INSIDE,
        ("writing", "alpha", "1.1"),
        "200 403 200 404 404 404 302",  # the same sent again is recognised
        {"q-1.1-version": 0, "q-1.1-text": "x"},
    ),
    "monitoring:answer_history": Route(INSIDE, ("asked", "alpha", "1.2")),
    "monitoring:answer_comment": Route(
        INSIDE,
        ("asked", "alpha", "1.2"),
        "302 404 404 404 404 404 302",
        {"id": "6f2f0e6e-8a43-4b0c-9d6e-0a0f4c1d2e3f", "parent": "", "text": "x"},
    ),
    "monitoring:answer_thread": Route(
        ONLY_POST, ("asked", "alpha", "1.2", "answer_thread"), "302 302 403 404 404 404 302", {"do": "resolve"}
    ),
    # What the centres say of themselves beside what the experts found; what they propose
    "monitoring:agreement": Route("200 200 200 200 404 404 302", ("asked",)),
    "monitoring:proposals": Route("200 200 200 200 404 404 302", ("asked",)),
    "monitoring:proposal": Route(
        INSIDE,
        ("asked", "proposal"),
        "302 302 403 404 404 404 302",
        {"do": "aside", "version": 1, "reason": "x"},  # the same sent again is recognised
    ),
    # Programmes, trainers, seminars, rooms, groups, timetables
    "training:programmes": Route(WORKERS),
    "training:programme_new": Route("200 403 200 200 403 200 302"),
    "training:programme": Route(INSIDE, ("course",)),
    "training:programme_edit": Route(KEPT, ("course",), "422 403 422 404 404 404 302"),
    "training:programme_delete": Route(ONLY_POST, ("course",), "302 403 302 404 404 404 302"),  # a group runs it
    "training:programme_next": Route(ONLY_POST, ("course",), "302 403 302 404 404 404 302"),
    "training:programme_adapt": Route("200 403 200 200 404 404 302", ("course_template",)),
    "training:programme_file": Route(INSIDE, ("course",)),
    "training:trainers": Route(WORKERS),
    "training:trainer_new": Route("200 403 200 200 403 200 302"),
    "training:trainer": Route(INSIDE, ("trainer",)),
    "training:trainer_edit": Route(KEPT, ("trainer",), "422 403 422 404 404 404 302"),
    "training:trainer_delete": Route(ONLY_POST, ("trainer",), DELETED),
    "training:rooms": Route(WORKERS, (), "403 403 422 422 403 422 302"),  # whoever has several centres names one
    "training:room_edit": Route(KEPT, ("room",), "422 403 422 404 404 404 302"),
    "training:room_delete": Route(ONLY_POST, ("room",), DELETED),
    "training:seminars": Route(WORKERS),
    "training:seminar_new": Route(COORDINATOR_ALONE),
    "training:seminar": Route("200 200 200 200 404 404 302", ("seminar",)),
    "training:seminar_edit": Route("200 403 403 403 404 404 302", ("seminar",), "422 403 403 403 404 404 302"),
    "training:seminar_delete": Route(ONLY_POST, ("seminar",), DELETED),
    "training:seminar_trainers": Route(
        "200 403 200 403 404 404 302", ("seminar", "alpha"), "302 403 302 403 404 404 302"
    ),
    "training:groups": Route(WORKERS),
    "training:group_new": Route("200 403 200 200 403 200 302"),
    "training:group": Route(INSIDE, ("group",)),
    "training:group_edit": Route(KEPT, ("group",), "422 403 422 404 404 404 302"),
    "training:group_delete": Route(ONLY_POST, ("group",), DELETED),
    "training:group_timetable": Route(KEPT, ("group",), "422 403 422 404 404 404 302"),
    "training:timetable": Route(INSIDE, ("alpha",)),
    "training:timetable_address": Route(KEPT, ("alpha",), "200 403 200 404 404 404 302"),
    # Certificates
    "training:certificates": Route("200 200 200 200 403 200 302"),
    "training:certificate": Route(INSIDE, ("certificate",)),
    "training:certificate_revoke": Route(KEPT, ("certificate",), "302 403 302 404 404 404 302", {"reason": "x"}),
    "training:group_certificates": Route(INSIDE, ("certified",), "422 403 422 404 404 404 302", {"form": "en"}),
    "reports:certificate_pdf": Route(INSIDE, ("certificate",)),
    "reports:group_certificates_pdf": Route(INSIDE, ("certified",)),
    # Journals
    "training:journal": Route(INSIDE, ("held",)),
    "training:lesson_new": Route(
        KEPT, ("held",), "302 403 422 404 404 404 302", {"date": "2005-02-01", "state": "held"}
    ),
    "training:lesson": Route(
        INSIDE,
        ("held", "lesson"),
        "302 403 302 404 404 404 302",  # the same sent again is no conflict
        {"date": "2005-02-02", "state": "held", "version": 1, "topic": "x"},
    ),
    "training:lesson_delete": Route(ONLY_POST, ("held", "lesson"), DELETED),
    # What came of it
    "training:slips": Route(INSIDE, ("held",), "422 403 422 404 404 404 302"),
    "training:slip_delete": Route(ONLY_POST, ("held", "slip"), "302 403 404 404 404 404 302"),
    "training:follow_ups": Route("200 200 200 200 403 200 302"),
    "training:follow_up_new": Route(KEPT, ("graduate",), "422 403 422 404 404 404 302", {"result": "rich"}),
    "training:follow_up": Route(KEPT, ("follow_up",), "422 403 422 404 404 404 302", {"result": "rich"}),
    "training:follow_up_delete": Route(ONLY_POST, ("follow_up",), DELETED),
    # Trainees, consents, who is in a group, duplicates
    "training:trainees": Route(WORKERS),
    "training:trainee_new": Route("200 403 200 200 403 200 302"),
    "training:trainee": Route(INSIDE, ("trainee",)),
    "training:trainee_edit": Route(KEPT, ("trainee",), "422 403 422 404 404 404 302", {"version": 1}),
    "training:trainee_delete": Route(ONLY_POST, ("trainee",), "302 403 302 404 404 404 302"),  # is in a group
    "training:trainee_history": Route(INSIDE, ("trainee",)),
    "training:consent_new": Route(KEPT, ("trainee",), "422 403 422 404 404 404 302"),
    "training:consents_new": Route("200 403 200 200 403 200 302"),
    "training:consent_withdraw": Route(KEPT, ("consent",), "422 403 422 404 404 404 302"),
    "training:consent_texts": Route(WORKERS),
    "training:consent_text_new": Route(COORDINATOR_ALONE),
    "training:consent_text_edit": Route("200 403 403 403 404 404 302", ("consent_text",)),
    "training:consent_texts_usual": Route(ONLY_POST, ("network_code",), "302 404 404 404 404 404 302"),
    "training:members": Route(INSIDE, ("group",), "422 403 422 404 404 404 302"),
    "training:members_complete": Route(KEPT, ("group",), "422 403 422 404 404 404 302"),
    "training:members_first_day": Route(KEPT, ("group",), "422 403 422 404 404 404 302"),
    "training:enrolment": Route(INSIDE, ("waiting",), "422 403 422 404 404 404 302", {"version": 1}),
    "training:enrolment_begin": Route(ONLY_POST, ("waiting",), "302 403 302 404 404 404 302"),
    "training:enrolment_delete": Route(ONLY_POST, ("waiting",), DELETED),
    "training:duplicates": Route("200 403 200 200 403 200 302"),
    "training:not_same": Route(ONLY_POST, ("trainee", "twin"), "302 403 302 404 404 404 302"),
    "training:not_same_undo": Route(ONLY_POST, ("verdict",), DELETED),
    "training:merge_new": Route(KEPT, ("trainee", "twin"), "422 403 422 404 404 404 302"),
    "training:merge": Route(KEPT, ("merge",)),
    "training:merge_undo": Route(ONLY_POST, ("merge",), "302 403 302 404 404 404 302"),
    # Paper
    "reports:blanks": Route(INSIDE, ("alpha",)),
    "reports:blank_pdf": Route(INSIDE, ("alpha", "roll")),
    "reports:month_pdf": Route("422 422 422 404 404 404 302", ("alpha",)),
    "reports:timetable_pdf": Route(INSIDE, ("alpha",)),
    # Documents
    "reports:index": Route(ALL),
    "reports:matrix_pdf": Route("200 200 200 200 404 404 302", ("cycle",)),
    "reports:matrix_xlsx": Route("200 200 200 200 404 404 302", ("cycle",)),
}


def routes(patterns=None, namespace=""):
    """Every named route with its namespace, admin apart."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"
        elif pattern.namespace != "admin":
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)


def test_every_route_is_classified():
    assert sorted({*routes()} - PUBLIC - ROUTES.keys()) == []


def test_no_classification_is_left_over():
    assert sorted((PUBLIC | ROUTES.keys()) - {*routes()}) == []


@pytest.fixture
def world(cycle, alpha, beta, project, network, coordinator, expert):
    """Alpha's objects, one of each kind that an address names."""
    invitation = Invitation(network=network, role="expert", email="new@people.example")
    invitation.seal(by=coordinator)
    cell = cycle.cells.get(aspect__number=1, centre=alpha)
    helper = make_expert(network, username="helper")
    certificate = make_certificate(alpha)
    course = make_programme(centre=alpha, file=ContentFile(b"Seams", name="curriculum.txt"))
    lesson = make_lesson(certificate.enrolment.group)
    asked = make_cycle(
        network, [alpha, beta], projects=[project], questionnaire=make_questionnaire(network), code="asked"
    )
    assessment = asked.self_assessments.get(centre=alpha)
    proposal = make_answer(assessment, "1.2", {"grade": "no", "proposal": "A plan."}, by=coordinator)
    assessment.submit(by=coordinator, version=0)
    writing = make_cycle(network, [alpha, beta], questionnaire=asked.questionnaire, code="writing")
    writing.self_assessments.update(told_by="Her")
    about = {"assessment": assessment, "question": proposal.question, "centre": alpha, "author": expert}
    return {
        "cycle": cycle.code,
        "asked": asked.code,
        "questionnaire": asked.questionnaire_id,
        "answers": AnswerImport.objects.create(
            cycle=asked, by=coordinator, file_name="a.csv", parsed=ParsedAnswers(asked.questionnaire_id).as_json()
        ).pk,
        "questionnaire_draft": make_questionnaire(network, key="drafted", published=False).pk,
        "proposal": proposal.pk,
        "writing": writing.code,
        "answer_thread": AnswerComment.objects.create(**about, text="Is it so?").pk,
        "alpha": alpha.code,
        "project": project.code,
        "partner": ProjectPartner.objects.create(project=project, part="funder", name="A fund").pk,
        "post": make_post(alpha).pk,
        "place": make_unit().pk,
        "invitation": invitation.pk,
        "membership": helper.memberships.get().pk,
        "person": helper.pk,
        "template": cycle.template_id,
        "draft": make_template(network, published=False).pk,
        "upload": MatrixImport.objects.create(
            cycle=cycle, by=expert, file_name="a.csv", sha256="0" * 64, parsed=ParsedMatrix().as_json()
        ).pk,
        "thread": Comment.objects.create(cell=cell, centre=alpha, author=expert, text="Is it so?").pk,
        "network": network.pk,
        "certificate": certificate.pk,
        "certified": certificate.enrolment.group_id,
        "held": lesson.group_id,
        "lesson": lesson.pk,
        "slip": make_slip(lesson.group).pk,
        "graduate": certificate.enrolment_id,
        "follow_up": make_follow_up(certificate.enrolment).pk,
        "course": course.pk,
        "course_template": make_programme(network).pk,
        "group": make_group(alpha, course).pk,
        "trainer": make_trainer(alpha).pk,
        "room": make_room(alpha).pk,
        "seminar": make_seminar(network).pk,
        "network_code": network.code,
        "import": ImportJob.objects.create(
            centre=alpha, by=coordinator, kind="trainees", mode="add", file_name="a.csv", rows=1, state="checked"
        ).pk,
        **{name: row.pk for name, row in make_all(alpha).items()},
        **{name: row.pk for name, row in make_people(alpha, course, coordinator).items()},
    }


def answers(method, name, world, personas, client_of):
    """Status codes in the order of PERSONAS; a redirect counts for the anonymous only if it leads to the login."""
    route = ROUTES[name]
    path = reverse(name, args=[world.get(arg, arg) for arg in route.args])
    codes = []
    for persona in PERSONAS:
        client = client_of(getattr(personas, persona))
        response = client.get(path) if method == "get" else client.post(path, route.data)
        if response.streaming:
            response.getvalue()  # to the end, so that the file is closed
        codes.append(str(response.status_code))
        if persona == "anonymous":
            assert response.headers["Location"].startswith(reverse("account_login"))
    return " ".join(codes)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ROUTES)
def test_reading(name, world, personas, client_of):
    assert answers("get", name, world, personas, client_of) == ROUTES[name].get


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.post])
def test_writing(name, world, personas, client_of):
    assert answers("post", name, world, personas, client_of) == ROUTES[name].post


@pytest.mark.django_db
@pytest.mark.parametrize("name", ROUTES)
def test_reading_writes_nothing(name, world, personas, client_of):
    """A GET of the most powerful persona sends no INSERT, UPDATE or DELETE (the session's own upkeep apart)."""
    path = reverse(name, args=[world.get(arg, arg) for arg in ROUTES[name].args])
    client = client_of(personas.coordinator)
    with CaptureQueriesContext(connection) as queries:
        client.get(path).getvalue()
    written = [q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert written == []


@pytest.mark.django_db
def test_the_system_administration_is_closed_to_all_roles(personas, client_of):
    for persona in PERSONAS:
        response = client_of(getattr(personas, persona)).get(reverse("admin:index"))
        assert response.status_code == LOGIN
        assert response.headers["Location"].startswith(reverse("admin:login"))
