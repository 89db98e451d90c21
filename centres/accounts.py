"""How people sign in: by invitation only, locked by user and address together, demo accounts never in production."""

import logging
from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.contrib import messages
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext_lazy

log = logging.getLogger(__name__)

DEMO_PASSWORD = "demo-clcnet"  # noqa: S105  public on purpose: printed by the demo, refused in production

# Sentences of Django and allauth that people meet here and that have no Kazakh: named so that our catalogue holds them.
BORROWED = [
    gettext_noop("This password is too common."),
    gettext_noop("The password is too similar to the %(verbose_name)s."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    gettext_noop("The two password fields didn’t match."),
    gettext_noop("You must type the same password each time."),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."),
]


def is_for_show(user) -> bool:
    """Whether the account is a demo's in production, where it opens nothing."""
    return user.is_demo and settings.PRODUCTION


class Backend(AuthenticationBackend):
    def user_can_authenticate(self, user):
        """Asked at each request as well, so that the session of a demo account is nobody's in production."""
        return super().user_can_authenticate(user) and not is_for_show(user)


class Adapter(DefaultAccountAdapter):
    # In our own words: the library has no Kazakh.
    error_messages: ClassVar[dict] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "invalid_login": _("Write your user name or e-mail address."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "username_password_mismatch": _("The user name or the password is not right."),
        "invalid_password_reset": _("This link is no longer valid."),
        "too_many_login_attempts": _(
            "The password was wrong too often. Wait five minutes, or follow “Forgotten your password?”."
        ),
        "rate_limited": _("That was too often. Wait a minute and try again."),
    }

    def authenticate(self, request, **credentials):
        """The library lets a closed account through, to tell it so; one for show is told that nothing fits."""
        user = super().authenticate(request, **credentials)
        return None if user and is_for_show(user) else user

    def is_open_for_signup(self, request):
        """Nobody registers herself; coordinators invite."""
        return False

    def _get_login_attempts_cache_key(self, request, **credentials):
        """A whole centre shares one address, and one name must not be locked from elsewhere: count both together."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{get_ip(request)}"

    def format_email_subject(self, subject):
        return str(subject)

    def send_mail(self, template_prefix, email, context):
        """In the language of the person it goes to. A mail server that does not answer stops nobody's work."""
        language = getattr(context.get("user"), "language", "") or translation.get_language()
        try:
            with translation.override(language):
                super().send_mail(template_prefix, email, context)
        except OSError:
            log.exception("The mail %s could not be sent.", template_prefix)
            messages.error(self.request, _("The mail could not be sent. Try again later or ask your coordinator."))
