"""Signing in, joining by invitation, one's own account. The work is allauth's; the words are ours."""

from allauth.account import views as allauth
from allauth.account.utils import filter_users_by_email
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ..accounts import DEMO_PASSWORD
from ..forms import accounts as forms
from ..forms.people import ROLE_MEANS
from ..models import Invitation, Membership


class SignIn(allauth.LoginView):
    form_class = forms.SignInForm

    def get_context_data(self, **kwargs):
        """Where there are demo accounts and it is allowed: the list of them, for those who only look around."""
        demo = Membership.objects.on(timezone.localdate()).filter(user__is_demo=True).for_list().order_by("pk")
        shown = {} if settings.PRODUCTION else {"demo": demo, "demo_password": DEMO_PASSWORD}
        return super().get_context_data(**shown, **kwargs)


class ChangePassword(allauth.PasswordChangeView):
    form_class = forms.ChangePasswordForm


class SetPassword(allauth.PasswordSetView):
    form_class = forms.SetPasswordForm


class ForgottenPassword(allauth.PasswordResetView):
    form_class = forms.ForgottenPasswordForm


class NewPassword(allauth.PasswordResetFromKeyView):
    form_class = forms.NewPasswordForm


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    form = forms.ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(request.user.language):
            messages.success(request, _("Saved."))
        return redirect("people:profile")
    memberships = request.user.memberships.select_related("network", "centre", "project").order_by("-from_date", "-pk")
    return render(request, "people/profile.html", {"form": form, "memberships": memberships})


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """The page behind an invitation's link: accept it with one's account, or make one."""
    found = Invitation.objects.for_token(token).select_related("network", "centre", "project", "invited_by").first()
    if found is None:
        return render(request, "invitation_gone.html", status=404)
    chosen = request.user.is_authenticated or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    with translation.override(translation.get_language() if chosen else found.language):
        try:
            return _open_invitation(request, found)
        except Invitation.DoesNotExist:
            found.refresh_from_db()
            return render(request, "invitation_gone.html", {"invitation": found}, status=410)


def _open_invitation(request, invitation):
    """Raises Invitation.DoesNotExist where it is used, withdrawn or expired."""
    if not Invitation.objects.open().filter(pk=invitation.pk).exists():
        raise Invitation.DoesNotExist
    owner = next(iter(filter_users_by_email(invitation.email)), None)
    context = {"invitation": invitation, "owner": owner, "means": ROLE_MEANS[invitation.role]}
    user = request.user
    if user.is_authenticated:
        context["own"] = user == invitation.invited_by
        context["foreign"] = owner is not None and owner != user
        if request.method == "POST" and not context["own"] and not context["foreign"]:
            return _accepted(request, invitation, user)
    elif owner is None:
        form = forms.JoinForm(request.POST or None, invitation=invitation)
        context["form"] = form
        if request.method == "POST" and form.is_valid():
            try:
                user = form.save()
            except IntegrityError:
                form.add_error(None, _("Somebody took this user name a moment ago. Choose another one."))
            else:
                login(request, user)
                return _welcome(request, invitation, user.language)
    return render(request, "invitation.html", context)


def _accepted(request, invitation, user):
    try:
        invitation.accept(by=user)
    except IntegrityError:
        messages.error(request, _("You already have this role from a later day on. The invitation was not used."))
        return redirect("people:profile")
    return _welcome(request, invitation, user.language)


def _welcome(request, invitation, language):
    """Greet in the language of the page that comes next: the new member's own."""
    with translation.override(language or translation.get_language()):
        messages.success(
            request,
            _("Welcome. Your role: %(role)s, %(scope)s.")
            % {"role": invitation.get_role_display(), "scope": invitation.scope},
        )
    return redirect("today")
