"""Certificates on paper. Their language is their own, whatever the reader's."""

from django.http import Http404
from django.views.decorators.http import require_safe

from centres.access import visible_or_404
from training.models import Certificate, Group

from ..certificates import certificates
from .answers import send_pdf


@require_safe
def certificate_pdf(request, pk):
    """One certificate; a revoked one is marked across the page."""
    found = visible_or_404(Certificate.objects.for_document(), request.user, pk=pk)
    return _send(request, [found], f"certificate-{found.centre.code}-{found.number_text}.pdf")


@require_safe
def group_certificates_pdf(request, pk):
    """The valid certificates of a group, in the order of their numbers."""
    group = visible_or_404(Group.objects.select_related("centre"), request.user, pk=pk)
    visible = Certificate.objects.visible_to(request.user).valid().filter(enrolment__group=group)
    rows = list(visible.for_document())
    if not rows:
        raise Http404
    first, last = rows[0].number_text, rows[-1].number_text
    return _send(request, rows, f"certificates-{group.centre.code}-{first}-{last}.pdf")


def _send(request, rows, name):
    document = certificates(rows, request.build_absolute_uri)
    part = ("reports/certificates.html", {"document": document})
    return send_pdf(request, name, part, language=document.language)
