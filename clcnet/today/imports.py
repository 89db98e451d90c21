"""Lists that were uploaded, looked through and never confirmed."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from training.models import ImportJob

from .boxes import Box, Task


def files(user) -> Box:
    """Her own files of the last day whose preview waits for her."""
    if not user.reach.runs and not user.reach.coordinates:
        return Box("", [])
    waiting = ImportJob.objects.editable_by(user).filter(state=ImportJob.State.CHECKED).for_list()
    tasks = [
        Task(
            job.file_name,
            " · ".join((capfirst(job.get_kind_display()), str(job.centre), job.get_state_display())),
            ((_("Look"), job.get_absolute_url()),),
        )
        for job in waiting
    ]
    return Box(_("Import a list"), tasks)
