"""Forms for signing in, joining by invitation, and one's own account."""

from allauth.account import forms as allauth
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.contrib.auth.forms import UserCreationForm
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ..models import Invitation, User
from .entry import Entry

PASSWORD_HELP = _("At least 10 characters. Not your name, and not a password that many people use.")
PASSWORD_AGAIN = _("The same password again")


def word(form, **labels):
    """Our labels above allauth's fields, without the grey text inside them."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label, field.help_text = label, PASSWORD_HELP if name == "password1" else ""
        field.widget.attrs.pop("placeholder", None)


class SignInForm(allauth.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word(
            self,
            login=_("User name or e-mail"),
            password=_("Password"),
            remember=_("Stay signed in on this device"),
        )
        self.fields["login"].widget.attrs.update(autocomplete="username", autocapitalize="none", spellcheck="false")
        self.fields["remember"].help_text = _("Not on a computer that others use too.")


class ChangePasswordForm(allauth.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word(self, oldpassword=_("Present password"), password1=_("New password"), password2=PASSWORD_AGAIN)


class SetPasswordForm(allauth.SetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word(self, password1=_("New password"), password2=PASSWORD_AGAIN)


class ForgottenPasswordForm(allauth.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word(self, email=_("E-mail address"))


class NewPasswordForm(allauth.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word(self, password1=_("New password"), password2=PASSWORD_AGAIN)


class ProfileForm(Entry, forms.ModelForm):
    """What a person changes about herself."""

    class Meta:
        model = User
        fields = ["name", "language"]
        help_texts = {"name": _("As colleagues should read it: in the script and order that you use.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = self.fields["language"].required = True


class JoinForm(Entry, UserCreationForm):
    """The account of somebody who was invited. The e-mail address is the invitation's, and counts as verified."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ["name", "language", "username"]
        help_texts = {
            "name": _("As colleagues should read it: in the script and order that you use."),
            "username": _("For signing in; your e-mail address works as well. Letters, digits and @ . + - _ only."),
        }

    def __init__(self, *args, invitation: Invitation, **kwargs):
        self.invitation = invitation
        email = invitation.email.lower()
        super().__init__(
            *args,
            instance=User(email=email, name=invitation.name, language=invitation.language),
            initial={"username": email.partition("@")[0]},
            **kwargs,
        )
        self.fields["name"].required = self.fields["language"].required = True
        self.fields["language"].choices = settings.LANGUAGES
        self.fields["username"].label = _("User name")
        self.fields["username"].widget.attrs.pop("autofocus", None)
        self.fields["password1"].label, self.fields["password1"].help_text = _("Password"), PASSWORD_HELP
        self.fields["password2"].label, self.fields["password2"].help_text = PASSWORD_AGAIN, ""

    def validate_password_for_user(self, user, **kwargs):
        """What is wrong with the password stands at the first of the two fields, beside what it should be like."""
        super().validate_password_for_user(user, "password1")

    @transaction.atomic
    def save(self, commit=True):
        """The new account with its membership. Raises Invitation.DoesNotExist where another request was quicker."""
        invitation = Invitation.objects.open().select_for_update(of=["self"]).get(pk=self.invitation.pk)
        user = super().save(commit)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        invitation.accept(by=user)
        return user
