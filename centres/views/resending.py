"""A form that mints the id of what it makes: what arrives twice is made once, and nothing of it is lost."""

from uuid import UUID

from .versioned import save_or_show


def sent_before(model, sent, **within):
    """(what was sent, the row that it made already, or None). `within` says where such a row has to lie.

    The id of a row that lies elsewhere is taken out, so that a new one gets an id of its own.
    """
    data = sent.copy()
    try:
        pk = UUID(data.get("id") or "")
    except ValueError:
        return data, None
    row = model.objects.filter(pk=pk, **within).first()
    if row is not None:
        data["id"] = str(row.pk)
    elif model.objects.filter(pk=pk).exists():
        data["id"] = ""
    return data, row


def save_once(request, model, within, make_form, template, context, *, text, to=None, save=save_or_show):
    """Save something new as `save_or_show` does. Sent again, it is put on top of the row that it made.

    The same values once more are recognised; others are a conflict (409), in which both stand. `make_form` takes what
    was sent and the standing row, None where there is none.
    """
    data, standing = sent_before(model, request.POST, **within)
    answer = save(request, make_form(data, standing), template, dict(context), text=text, to=to)
    if answer.status_code == 422 and standing is None:
        data, standing = sent_before(model, request.POST, **within)
        if standing:  # two sendings at once: the other one was a moment faster
            answer = save(request, make_form(data, standing), template, dict(context), text=text, to=to)
    return answer
