"""A form that mints the id of what it makes: what arrives twice is made once."""

from centres.views.resending import save_once, sent_before

__all__ = ["save_once", "sent_before"]
