"""The system administrator's tables: accounts, networks and their first coordinators. Nobody's daily work.

What has pages of its own is not here, since those pages keep two people from overwriting each other; only places are,
for those that no coordinator may move.
"""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from .models import AdminUnit, Membership, Network, Placement, User

# The one place for signing in, so that its lock and its refusal of demo accounts hold here too.
admin.site.login = secure_admin_login(admin.site.login)


class LowerEmail:
    """One address, one spelling: people type capitals at random."""

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class NewAccountForm(LowerEmail, AdminUserCreationForm):
    pass


class AccountForm(LowerEmail, UserChangeForm):
    pass


@admin.register(User)
class AccountAdmin(UserAdmin):
    form, add_form = AccountForm, NewAccountForm
    list_display = ["username", "name", "email", "is_active", "is_superuser", "is_demo"]
    list_filter = ["is_active", "is_superuser", "is_demo"]
    search_fields = ["username", "name", "email"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["name", "email", "language"]}),
        (_("System"), {"fields": ["is_active", "is_staff", "is_superuser", "is_demo", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "name", "email", "language", "usable_password", "password1", "password2"]})
    ]
    filter_horizontal = []

    def save_model(self, request, obj, form, change):
        """A corrected address replaces the old one everywhere, so that the old one no longer signs in."""
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).delete()
            if obj.email:
                EmailAddress.objects.create(user=obj, email=obj.email, primary=True)


@admin.register(Network)
class NetworkAdmin(admin.ModelAdmin):
    list_display = ["code", "name"]
    fields = ["code", "name", "name_ru", "name_kk", "brand", "brand_weak"]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["user", "role", "network", "centre", "project", "from_date", "until_date"]
    list_filter = ["role", "network"]
    list_select_related = ["user", "network", "centre", "project"]
    search_fields = ["user__name", "user__username", "user__email"]
    autocomplete_fields = ["user"]


class PlacementInline(admin.TabularInline):
    model = Placement
    fk_name = "unit"
    extra = 0


@admin.register(AdminUnit)
class AdminUnitAdmin(admin.ModelAdmin):
    """For the places of several networks, which none of their coordinators may move alone."""

    list_display = ["name", "level", "kato"]
    list_filter = ["level"]
    search_fields = ["name", "kato"]
    fields = ["level", "name", "name_ru", "name_kk", "kato", "valid_from", "valid_until"]
    inlines = [PlacementInline]
