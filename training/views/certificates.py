"""Issuing, finding and revoking certificates. Their PDF is made in `reports`."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from centres.access import READ_ONLY, editable_or_403, visible_or_404

from ..forms.certificates import CertificateFilter, IssueForm, RevokeForm
from ..models import Certificate, Group
from .overview import inside_or_403

PER_PAGE = 50


@require_safe
def certificate_list(request):
    """The certificates of the reader's centres, the latest first."""
    inside_or_403(request.user)
    filters = CertificateFilter(request.GET, user=request.user)
    found = filters.missing() if filters.are_missing else filters.certificates()
    context = {
        "filters": filters,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "query": urlencode(filters.chosen),
        "groups": Group.objects.editable_by(request.user).exists(),
    }
    return render(request, "training/certificate_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def group_certificates(request, pk):
    """The certificates of a group, and issuing them to those who completed it."""
    everything = Group.objects.select_related("programme", "centre__network", "centre__place")
    group = visible_or_404(everything, request.user, pk=pk)
    may_issue = Group.objects.editable_by(request.user).filter(pk=pk).exists()
    if request.method == "POST" and not may_issue:
        raise PermissionDenied(READ_ONLY)
    asked = request.POST.get("form") or request.GET.get("form")
    kind = asked if asked in Certificate.Form.values else Certificate.Form.KK_RU
    form, status = IssueForm(request.POST or None, group=group, form=kind), 200
    if request.method == "POST":
        made = form.issue(by=request.user) if form.is_valid() else []
        if made:
            count = len(made)
            words = ngettext("%(count)s certificate is issued.", "%(count)s certificates are issued.", count)
            messages.success(request, words % {"count": count})
            return redirect("training:group_certificates", group.pk)
        status = 422
    context = {
        "group": group,
        "form": form,
        "kind": kind,
        "kinds": Certificate.Form.choices,
        "may_issue": may_issue,
        "certificates": Certificate.objects.filter(enrolment__group=group).for_list(),
    }
    return render(request, "training/group_certificates.html", context, status=status)


@require_safe
def certificate(request, pk):
    everything = Certificate.objects.select_related(
        "centre", "enrolment__group", "enrolment__trainee", "issued_by", "revoked_by"
    )
    found = visible_or_404(everything, request.user, pk=pk)
    context = {
        "certificate": found,
        "public": request.build_absolute_uri(found.public_path),
        "may_revoke": found.is_valid and Certificate.objects.editable_by(request.user).filter(pk=pk).exists(),
    }
    return render(request, "training/certificate.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request, pk):
    """Says what revoking does, and does it."""
    found = editable_or_403(Certificate.objects.select_related("centre", "enrolment__group"), request.user, pk=pk)
    if not found.is_valid:
        messages.info(request, _("This certificate is revoked already."))
        return redirect(found)
    form, status = RevokeForm(request.POST or None), 200
    if request.method == "POST":
        if form.is_valid():
            if found.revoke(by=request.user, reason=form.cleaned_data["reason"]):
                messages.success(request, _("Certificate %(number)s is revoked.") % {"number": found.number_text})
            else:
                messages.info(request, _("This certificate is revoked already."))
            return redirect(found)
        status = 422
    return render(request, "training/certificate_revoke.html", {"certificate": found, "form": form}, status=status)
