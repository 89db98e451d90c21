"""What waits for a person on the start page: boxes of tasks, each with the button that leads to the work.

The boxes follow from her memberships, so a person with several roles has those of each. The number of queries does
not depend on how much waits.
"""

from .assessments import own_assessments
from .at_centres import at_the_centres, own_centres
from .boxes import Box, Task
from .imports import files
from .monitoring import THREADS, comments, cycles_to_work_on
from .networks import first_steps, funded_projects, invitations

__all__ = ["THREADS", "Box", "Task", "boxes_for"]


def boxes_for(user) -> list[Box]:
    """Everything that waits for this person, most pressing first."""
    boxes = [
        *first_steps(user),
        *cycles_to_work_on(user),
        files(user),
        own_assessments(user),
        *own_centres(user),
        *funded_projects(user),
        comments(user),
        at_the_centres(user),
        invitations(user),
    ]
    return [box for box in boxes if box.tasks]
