"""Saving a form that names the version it started from."""

from django.contrib import messages
from django.shortcuts import redirect, render

from ..changes import last_author
from ..forms.versioned import saved


def save_or_show(request, form, template, context, *, text, to=None):
    """Save and go on; show the form again with its errors (422), or with both versions on a conflict (409)."""
    if request.method != "POST":
        return render(request, template, {**context, "form": form})
    if not form.is_valid():
        return render(request, template, {**context, "form": form}, status=422)
    row, conflict = saved(form)
    if row is None and conflict is None:
        return render(request, template, {**context, "form": form}, status=422)
    if conflict:
        differences, form = conflict
        context |= {"form": form, "differences": differences, "saved_by": last_author(form.instance)}
        return render(request, template, context, status=409)
    messages.success(request, text)
    return redirect(to or row)
