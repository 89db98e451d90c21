"""What pages of other apps show from monitoring, so that their Python need not import it."""

from django import template

from ..models import Participation

register = template.Library()


@register.simple_tag
def centre_cycles(centre, user):
    """The centre's columns in the cycles that the reader may see, the latest period first."""
    rows = Participation.objects.visible_to(user).filter(centre=centre)
    return rows.select_related("cycle").order_by("-cycle__period_end", "cycle__code")
