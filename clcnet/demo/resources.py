"""Writes what the centres had, whom they worked with, and what their committees did."""

from centres.models import (
    CentreDocument,
    CommitteeMember,
    CommunityProfile,
    Decision,
    Equipment,
    Income,
    Meeting,
    NeedsStudy,
    Partner,
    TargetGroup,
    TargetGroupCount,
)

from . import resources_2005 as data
from .committees_2005 import COMMITTEES
from .rows import ids

TITLES = {
    "ru": {
        "year_plan": "План на год",
        "operational_plan": "Планы по месяцам",
        "schedule": "Расписание",
        "journal": "Журналы занятий",
        "curricula": "Учебные программы",
    },
    "kk": {
        "year_plan": "Жылдық жоспар",
        "operational_plan": "Айлық жоспарлар",
        "schedule": "Сабақ кестесі",
        "journal": "Сабақ журналдары",
        "curricula": "Оқу бағдарламалары",
    },
}
PLACE = {"ru": "Папка в шкафу центра", "kk": "Орталық шкафындағы бума"}


def load_resources(network, centres, languages):
    fresh = ids("resources")
    load_inventory(centres, fresh)
    load_papers(centres, languages, fresh)
    load_community(network, centres, fresh)
    load_committees(centres, fresh)


def load_inventory(centres, fresh):
    Equipment.objects.bulk_create(
        Equipment(
            id=next(fresh),
            centre=centres[code],
            kind=told.kind,
            name=told.name,
            quantity=told.quantity,
            working=told.working,
            acquired=told.acquired,
            not_working_since=told.since,
            fault=told.fault,
        )
        for code, devices in data.EQUIPMENT.items()
        for told in devices
    )
    Partner.objects.bulk_create(
        Partner(
            id=next(fresh),
            centre=centres[code],
            name=told.name,
            kind=told.kind,
            agreement=told.agreement,
            from_date=centres[code].opened,
            gives=told.gives,
        )
        for code, partners in data.PARTNERS.items()
        for told in partners
    )


def load_papers(centres, languages, fresh):
    CentreDocument.objects.bulk_create(
        CentreDocument(
            id=next(fresh),
            centre=centres[code],
            kind=kind,
            title=f"{TITLES[languages[code]][kind]}, {year}",
            year=year,
            note=PLACE[languages[code]],
        )
        for code, years in data.DOCUMENTS.items()
        for year, kinds in years.items()
        for kind in kinds
    )
    Income.objects.bulk_create(
        Income(id=next(fresh), centre=centres[code], date=day, source=source, amount=amount)
        for code, sources in data.INCOMES.items()
        for source, amounts in sources.items()
        for day, amount in zip(data.QUARTERS, amounts, strict=False)
        if amount
    )


def load_community(network, centres, fresh):
    NeedsStudy.objects.bulk_create(
        NeedsStudy(
            id=next(fresh),
            centre=centres[code],
            from_date=told.first,
            until_date=told.last,
            methods=told.methods,
            people_asked=told.asked,
            needs=told.needs,
            results=told.results,
        )
        for code, studies in data.STUDIES.items()
        for told in studies
    )
    groups = {row.key: row for row in TargetGroup.objects.filter(network=network)}
    for code, (year, reported, source, counts) in data.PROFILES.items():
        profile = CommunityProfile.objects.create(
            id=next(fresh), centre=centres[code], year=year, reported=reported, source=source
        )
        TargetGroupCount.objects.bulk_create(
            TargetGroupCount(centre=centres[code], profile=profile, group=groups[key], people=people)
            for key, people in counts.items()
        )


def load_committees(centres, fresh):
    CommitteeMember.objects.bulk_create(
        CommitteeMember(
            id=next(fresh),
            centre=centres[code],
            name=name,
            role=role,
            organisation=organisation,
            from_date=told.since,
            until_date=told.until,
        )
        for code, told in COMMITTEES.items()
        for name, role, organisation in told.members
    )
    meetings, decisions = [], []
    for code, told in COMMITTEES.items():
        for row in told.meetings:
            meeting = Meeting(
                id=next(fresh),
                centre=centres[code],
                date=row.day,
                agenda=row.agenda,
                present=row.present,
                minutes=row.minutes,
            )
            meetings.append(meeting)
            decisions += [
                Decision(
                    id=next(fresh),
                    centre=centres[code],
                    meeting=meeting,
                    text=text,
                    who=who,
                    due=due,
                    state=Decision.State.DONE,
                    done_on=done_on,
                )
                for text, who, due, done_on in row.decisions
            ]
    Meeting.objects.bulk_create(meetings)
    Decision.objects.bulk_create(decisions)
