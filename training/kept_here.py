"""What of a centre's required documents this system keeps itself."""

from datetime import date

from django.db.models import Q
from django.urls import reverse

from centres.models import CentreDocument

from .models import Booking, Lesson


def kept_here(centre, year) -> dict[str, str]:
    """Which kinds of required documents the register itself is for that year, and the address where (2 queries)."""
    first, last, found = date(year, 1, 1), date(year, 12, 31), {}
    planned = Booking.objects.filter(Q(until_date=None) | Q(until_date__gte=first), centre=centre, from_date__lte=last)
    if planned.exists():
        found[CentreDocument.Kind.SCHEDULE] = reverse("training:timetable", args=[centre.code])
    if Lesson.objects.filter(centre=centre).held().during(first, last).exists():
        found[CentreDocument.Kind.JOURNAL] = f"{reverse('training:groups')}?centre={centre.code}"
    return found
