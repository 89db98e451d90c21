"""History of everything that people edit, written by database triggers, so that bulk and raw SQL writes count too."""

import pghistory


def track(**options):
    """Decorate a model: each insert, change and deletion of a row is recorded, with who and when."""
    return pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options)
