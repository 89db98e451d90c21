"""Certificates that Taraz, the only centre with a legal status, gave to one of its sewing groups in 2005."""

from training.models import Certificate, Enrolment
from training.models.certificates import ALPHABET, CODE_LENGTH

from .rows import chances, ids

CENTRE = "taraz"
GROUP = "Тігін, 3-топ"


def issue_certificates(centre, by):
    """With codes that are the same on every load, as everything here; a real one draws its own."""
    chance, fresh = chances("codes of certificates"), ids("certificates")
    completed = Enrolment.objects.filter(centre=centre, group__name=GROUP, status=Enrolment.Status.COMPLETED)
    head = centre.posts.get(kind="head", until_date=None)
    network, place = centre.network, centre.place
    Certificate.objects.bulk_create(
        Certificate(
            id=next(fresh),
            centre=centre,
            enrolment=row,
            code="".join(chance.choices(ALPHABET, k=CODE_LENGTH)),
            form=Certificate.Form.KK_RU,
            issued_on=row.ended_on,
            name=str(row.trainee),
            wordings={
                language: {
                    "programme": getattr(row.group.programme, f"title_{language}"),
                    "centre": getattr(centre, f"name_{language}"),
                    "place": getattr(place, f"name_{language}"),
                    "network": getattr(network, f"name_{language}"),
                }
                for language in ("kk", "ru")
            },
            hours=row.group.programme.hours,
            first_day=row.started_on,
            last_day=row.ended_on,
            is_recognised=True,
            signatory=head.name,
            issued_by=by,
        )
        for row in completed.for_list()
    )
