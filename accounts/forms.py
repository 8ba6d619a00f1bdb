"""Forms to get in (Django's own checks in our components), and for organisations, members, roles and mandates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _

from accounts import guessing
from accounts.models import Membership, Organisation, User
from accounts.roles import ROLES
from station.reasons import Reason
from web.forms import Day, Form, Reasoned, dress
from web.language import language


class Dressed:
    """Mixed into Django's forms, so that their fields look like ours."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            dress(field)


class LogIn(Dressed, AuthenticationForm):
    error_messages = {
        "invalid_login": _("This e-mail address and password do not belong together. Check both and try again."),
        "inactive": _("This account is closed. The administrator of your organisation can tell you more."),
    }

    def clean(self) -> dict[str, Any]:
        email = self.cleaned_data.get("username", "")
        if guessing.must_wait(email):
            raise forms.ValidationError(Reason("log_in.wait", {"minutes": guessing.SECONDS // 60}).text(language()))
        try:
            cleaned: dict[str, Any] = super().clean()
        except forms.ValidationError:
            guessing.wrong(email)
            raise
        if "password" in cleaned:
            guessing.right(email)
        return cleaned


class AskReset(Dressed, PasswordResetForm):
    def get_users(self, email: str) -> Iterator[User]:
        """New members have no password yet; they choose their first one in this way as well."""
        return User.objects.filter(email__iexact=email, is_active=True).iterator()


class NewPassword(Dressed, SetPasswordForm):
    def save(self, commit: bool = True) -> User:
        """Whoever reads the mail of this address need not wait for what others guessed."""
        user: User = super().save(commit)
        guessing.right(user.email)
        return user


class NewOrganisation(Form):
    slug = forms.RegexField(
        r"^[a-z][a-z0-9_-]{0,62}$",
        label=_("Key"),
        help_text=_("Small letters, digits and dashes. Contracts name this key, so it can never change."),
        error_messages={
            "invalid": _(
                "Begin with a letter and use only small letters, digits and dashes, such as gemeente-zuiderdam."
            )
        },
        max_length=63,
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    oin = forms.CharField(
        label=_("Organisation number (OIN)"),
        help_text=_("20 digits, from Logius' register. Leave it empty when there is none yet."),
        max_length=40,
        required=False,
    )
    type = forms.ChoiceField(label=_("Type"), choices=Organisation._meta.get_field("type").choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation._meta.get_field("kind").choices)


class EditOrganisation(NewOrganisation):
    """Everything but the key. ``seen``: the revision that was shown."""

    slug = None  # type: ignore[assignment]
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForMembers(Reasoned):
    """About an organisation, not about a use case: its own members read why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("The members of the organisation can read this.")


class MandateEnd(ReasonForMembers):
    """Ends a mandate; whether that reaches back is a choice of its own, with its own consequence."""

    suspends = forms.BooleanField(
        label=_("Also put in doubt what was signed under it"), required=False,
        help_text=_(
            "Only when the mandate should not have been there, or was used wrongly. Legal bases that were approved"
            " under it are suspended, and nothing runs on what was adopted or signed under it, until a manager with a"
            " mandate in force confirms that. All partners read the reason."
        ),
    )  # fmt: skip


class NewContact(Form):
    name = forms.CharField(label=_("Name"), help_text=_("Of a person, a desk or a team."), max_length=150)
    function = forms.CharField(label=_("Function"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"))


class NewMember(Form):
    full_name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"))
    language = forms.ChoiceField(label=_("Language"), choices=User._meta.get_field("language").choices)


class AskSupport(Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The organisation reads this and decides. Name what is wrong, and no personal data."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )
    hours = forms.TypedChoiceField(
        label=_("For how long, from the moment it is granted"), coerce=int,
        choices=[(1, _("1 hour")), (2, _("2 hours")), (4, _("4 hours")), (8, _("8 hours"))],
    )  # fmt: skip


class RefuseSupport(Form):
    reason = forms.CharField(
        label=_("Reason"), help_text=_("Who asked reads this."), widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )  # fmt: skip


class Roles(Form):
    """The roles that this person can give or that are held, those held ticked. ``seen``: those that were held when the
    page was made."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    roles = forms.MultipleChoiceField(label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, platform: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.initial.get("roles", ())
        offered = [key for key in ROLES if platform or key in held or "manage_platform" not in ROLES[key].permissions]
        self.fields["roles"].choices = [(key, role_name(key)) for key in offered]


class NewMandate(Form):
    holder = forms.ModelChoiceField(label=_("Who"), queryset=User.objects.none())
    function = forms.CharField(label=_("Function"), max_length=150)
    reference = forms.CharField(
        label=_("Decision"), help_text=_("The mandate decision or register in which this stands."), max_length=200
    )
    valid_from = forms.DateField(label=_("Valid from"), widget=Day)
    valid_to = forms.DateField(label=_("Valid to"), help_text=_("That day included."), widget=Day)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Membership.objects.filter(organisation=organisation, active=True).values("user")
        self.fields["holder"].queryset = User.objects.filter(pk__in=members).order_by("full_name")


class NewDeputy(Form):
    """One choice holds the absent member and the role, so that only held roles can be chosen."""

    held = forms.ChoiceField(label=_("Who is away, and in which role"))
    deputy = forms.ModelChoiceField(label=_("Who stands in"), queryset=Membership.objects.none())
    first_day = forms.DateField(label=_("First day"), widget=Day)
    last_day = forms.DateField(label=_("Last day"), help_text=_("That day included."), widget=Day)
    reason = forms.CharField(
        label=_("Reason"), help_text=_("In a few words, such as “holiday”. No details of health."), max_length=300
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = organisation.memberships.filter(active=True).select_related("user").order_by("user__full_name")
        self.fields["deputy"].queryset = members
        self.fields["deputy"].label_from_instance = lambda member: member.user.full_name
        self.members = {member.pk: member for member in members.prefetch_related("roles")}
        self.fields["held"].choices = [("", "---------"), *self._held()]

    def _held(self) -> Iterator[tuple[str, str]]:
        for pk, member in self.members.items():
            for role in sorted(held.role for held in member.roles.all()):
                if "manage_platform" not in ROLES[role].permissions:
                    yield f"{pk}:{role}", f"{member.user.full_name}: {role_name(role)}"

    def given(self) -> dict[str, Any]:
        """What the action asks for."""
        member, _colon, role = self.cleaned_data["held"].partition(":")
        rest = {key: value for key, value in self.cleaned_data.items() if key != "held"}
        return {"absent": self.members[int(member)], "role": role, **rest}


class Find(Form):
    """Which organisations a list shows."""

    q = forms.CharField(label=_("Name, key or OIN"), required=False, max_length=100)
    type = forms.ChoiceField(label=_("Type"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in ("type", "state"):
            self.fields[key].choices = [("", _("all")), *Organisation._meta.get_field(key).choices]


def role_name(key: str) -> str:
    """The role in the reader's language."""
    return str(getattr(ROLES[key], language()))
