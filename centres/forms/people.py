"""Forms with which coordinators invite people, give them roles, and end these."""

from datetime import timedelta

from allauth.account.utils import filter_users_by_email
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..models import CENTRE_ROLES, Centre, Invitation, Membership, Network, Project, Role
from ..models.network import search_words
from .entry import DateInput, Entry

ROLE_MEANS = {
    Role.COORDINATOR: _("Runs the network: its centres, cycles and people."),
    Role.EXPERT: _("Writes and reviews the findings about all centres."),
    Role.FACILITATOR: _("Works at one centre: reads and comments on its findings, keeps its contacts up to date."),
    Role.HEAD: _("Heads one centre, and sees what its facilitator sees."),
    Role.DONOR: _("Reads what is published about one project."),
}


def _role_with_meaning(role):
    return format_html('{} <span class="sub">{}</span>', capfirst(Role(role).label), ROLE_MEANS[role])


ROLES = [(role.value, lazy(_role_with_meaning, SafeString)(role)) for role in Role]


class ReachingForm(Entry, forms.ModelForm):
    """A role and what it is for, within the networks that the giver coordinates.

    What does not belong to the role is ignored, so that a changed mind leaves nothing behind.
    """

    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        networks = Network.objects.editable_by(by).in_order()
        self.fields["network"].queryset = networks
        self.fields["network"].required = False
        self.fields["network"].help_text = _("For a coordinator or an expert.")
        self.only_network = networks.first() if len(by.reach.coordinates) == 1 else None
        if self.only_network:
            del self.fields["network"]
        self.fields["centre"].queryset = Centre.objects.editable_by(by).open_on(timezone.localdate()).in_order()
        self.fields["project"].queryset = Project.objects.editable_by(by)
        for name in {"network", "centre", "project"} & self.fields.keys():
            self.fields[name].empty_label = _("choose …")

    def clean(self):
        values = super().clean()
        role = values.get("role")
        for name, needed in [("centre", role in CENTRE_ROLES), ("project", role == Role.DONOR)]:
            if not needed:
                values[name] = None
                self.errors.pop(name, None)
            elif not values.get(name) and name not in self.errors:
                self.add_error(name, _("Choose what the role is for."))
        scope = values.get("centre") or values.get("project")
        values["network"] = scope.network if scope else self.only_network or values.get("network")
        if role and not scope and not values["network"] and not self.errors:
            self.add_error("network", _("Choose what the role is for."))
        return values


class InviteForm(ReachingForm):
    class Meta:
        model = Invitation
        fields = ["email", "name", "language", "role", "network", "centre", "project"]
        help_texts = {
            "email": _("The invitation goes there; it becomes the address of the new account."),
            "name": _("If you know it. The invited person can correct it."),
            "language": _("Of the mail and, at first, of the pages."),
        }

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def clean(self):
        """Not twice: neither what the person already has nor what she is already invited to."""
        values = super().clean()
        if not self.errors:
            same = {name: values[name] for name in ("network", "role", "centre", "project")}
            pending = Invitation.objects.pending().filter(email=values["email"], **same)
            owners = filter_users_by_email(values["email"])
            if pending.exists():
                raise ValidationError(
                    _("There is already such an invitation. You can send it again from the list of people.")
                )
            if Membership.objects.on(timezone.localdate()).filter(user__in=owners, **same).exists():
                raise ValidationError(_("Somebody with this e-mail address already has this role."))
        return values


class RoleForm(ReachingForm):
    """Another role for somebody who has an account."""

    class Meta:
        model = Membership
        fields = ["role", "network", "centre", "project", "from_date", "until_date"]
        widgets = {"from_date": DateInput, "until_date": DateInput}
        labels = {"from_date": _("First day"), "until_date": _("Last day")}
        help_texts = {"until_date": _("Leave empty if the end is not known.")}

    def _post_clean(self):
        super()._post_clean()
        if not self.errors:
            try:
                self.instance.validate_constraints()
            except ValidationError as problem:
                self.add_error(None, problem.messages)


class EndForm(Entry, forms.Form):
    """When a membership ends: at once, or after a day still to come."""

    when = forms.ChoiceField(
        label=_("When?"),
        choices=[("now", _("At once")), ("day", _("After a last day"))],
        initial="now",
        widget=forms.RadioSelect,
    )
    last_day = forms.DateField(label=_("Last day"), required=False, widget=DateInput)

    def __init__(self, *args, membership: Membership, **kwargs):
        self.membership = membership
        super().__init__(*args, **kwargs)

    def clean_last_day(self):
        day, present = self.cleaned_data["last_day"], self.membership.until_date
        if self.cleaned_data.get("when") != "day":
            return None
        if day is None:
            raise ValidationError(_("Write the last day."))
        if day < max(timezone.localdate(), self.membership.from_date):
            raise ValidationError(_("This day is over, or lies before the first day of the role."))
        if present and day > present:
            raise ValidationError(_("The role already ends earlier. Give it again for the time after."))
        return day

    def clean(self):
        values = super().clean()
        first_day_without = (values.get("last_day") or timezone.localdate() - timedelta(1)) + timedelta(1)
        if not self.errors and self.leaves_nobody(first_day_without):
            raise ValidationError(
                _("Nobody else coordinates %(network)s then. Invite another coordinator first."),
                params={"network": self.membership.network},
            )
        return values

    def leaves_nobody(self, day) -> bool:
        """Whether the network would have no coordinator on that day. Call it with the network locked."""
        if self.membership.role != Role.COORDINATOR:
            return False
        others = Membership.objects.on(day).exclude(pk=self.membership.pk)
        return not others.filter(network=self.membership.network, role=Role.COORDINATOR, user__is_active=True).exists()

    def save(self) -> None:
        self.membership.end(last_day=self.cleaned_data["last_day"])


class PeopleFilter(forms.Form):
    text = forms.CharField(label=_("Name or e-mail"), required=False, max_length=200)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("any")), *Role.choices])
    centre = forms.ModelChoiceField(label=_("Centre"), required=False, queryset=None, empty_label=_("any"))
    ended = forms.ChoiceField(
        label=_("Roles"), required=False, choices=[("", _("present and to come")), ("1", _("ended"))]
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = Centre.objects.editable_by(by).in_order()
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name == "text" else "form-select"

    def narrow(self, memberships):
        """The memberships that fit; a filter that makes no sense filters nothing."""
        self.is_valid()
        chosen, today = self.cleaned_data, timezone.localdate()
        over = Q(until_date__lt=today)
        memberships = memberships.filter(over if chosen.get("ended") else ~over | Q(until_date=None))
        for word in search_words(chosen.get("text", "")):
            memberships = memberships.filter(
                Q(user__name__icontains=word) | Q(user__username__icontains=word) | Q(user__email__icontains=word)
            )
        if chosen.get("role"):
            memberships = memberships.filter(role=chosen["role"])
        if chosen.get("centre"):
            memberships = memberships.filter(centre=chosen["centre"])
        return memberships
