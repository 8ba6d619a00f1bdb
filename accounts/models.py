"""Who: users, organisations, who works where in which roles, and who may bind an organisation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.permissions import PERMISSIONS


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address is the log-in name."""

    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=2, choices=[("nl", "Nederlands"), ("en", "English")], default="nl"
    )
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    second_factor_round = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    objects = UserManager()
    support: SupportAccess | None = None  # in use in this request; see accounts/support/access.py

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.full_name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A session ends when the password changes, and when the second factor does."""
        known: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        if not self.second_factor_round:
            return known
        both = f"{known}:{self.second_factor_round}"
        return salted_hmac("accounts.session", both, secret=secret, algorithm="sha256").hexdigest()


TYPES = [
    ("ministry", _("ministry")),
    ("agency", _("executive agency")),
    ("regulator", _("regulator or inspectorate")),
    ("province", _("province")),
    ("municipality", _("municipality")),
    ("hospital", _("hospital or care provider")),
    ("knowledge_institute", _("university or knowledge institute")),
    ("company", _("company")),
    ("foundation", _("foundation or association")),
    ("other", _("another kind of organisation")),
]


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def of(self, user: User) -> OrganisationQuerySet:
        """The active organisations in which this user is an active member."""
        return self.filter(
            state="active", memberships__user=user, memberships__active=True, memberships__user__is_active=True
        )

    def read_by(self, user: User) -> OrganisationQuerySet:
        """Those whose dossiers this user reads: the own ones; in support only the one that allowed it."""
        return self.of(user) if user.support is None else self.filter(pk=user.support.organisation_id, state="active")

    def found(self, q: str = "", type: str = "", state: str = "") -> OrganisationQuerySet:
        """Those whose name, key or number holds the words, of that type and in that state."""
        found = self
        if q.strip():
            words = q.strip()
            number = "".join(words.split())
            found = found.filter(Q(name__icontains=words) | Q(slug__icontains=words) | Q(oin__contains=number))
        exactly = {"type": type, "state": state}
        return found.filter(**{key: value for key, value in exactly.items() if value})


class Organisation(models.Model):
    """A legal entity. ``slug`` is the organisation key in specifications and contracts, and never changes.
    ``revision`` counts the changes of its data, so that a form that was opened earlier is noticed."""

    slug = models.CharField(
        max_length=63, unique=True, validators=[RegexValidator(r"^[a-z][a-z0-9_-]{0,62}$")], verbose_name=_("key")
    )
    name = models.CharField(_("name"), max_length=200)
    oin = models.CharField(_("organisation number (OIN)"), max_length=20, blank=True)
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=[("public", _("public body")), ("private", _("private body"))],
        default="public",
    )
    type = models.CharField(_("type"), max_length=20, choices=TYPES, default="other")
    state = models.CharField(
        _("state"), max_length=10, choices=[("active", _("active")), ("suspended", _("suspended"))], default="active"
    )
    state_reason = models.TextField(_("why it was suspended"), blank=True)
    state_since = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=0)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["oin"], condition=~Q(oin=""), name="oin_once")]
        permissions = list(PERMISSIONS.items())

    def __str__(self) -> str:
        return self.name

    def holders(self, *roles: str) -> models.QuerySet[User]:
        """Its active members who hold one of these roles, by name."""
        held = self.memberships.filter(active=True, roles__role__in=roles)
        return User.objects.filter(memberships__in=held, is_active=True).distinct().order_by("full_name")

    def administrators(self) -> list[User]:
        """Who administers its members and can log in; whoever was invited and never chose a password cannot yet."""
        return [user for user in self.holders("organisation_admin") if user.has_usable_password()]


class Membership(models.Model):
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    active = models.BooleanField(default=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} @ {self.organisation}"


class RoleHeld(models.Model):
    """A role somebody holds in one organisation; the table of roles is ``accounts/roles.py``."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=40)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "role"], name="role_once")]

    def __str__(self) -> str:
        return f"{self.membership}: {self.role}"


class MandateQuerySet(models.QuerySet["Mandate"]):
    def in_force(self, organisation: Organisation, user: User, day: date) -> Mandate | None:
        """The mandate by which this user may bind the organisation on that day, the longest lasting first."""
        return self.binding(organisation, day).filter(holder=user).first()

    def binding(self, organisation: Organisation, day: date) -> MandateQuerySet:
        """All mandates of the organisation that hold that day, the longest lasting first."""
        return (
            self.filter(organisation=organisation, valid_from__lte=day, valid_to__gte=day)
            .filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=day))
            .order_by("-valid_to")
        )

    def in_doubt(self) -> MandateQuerySet:
        """Ended with effect on what was signed under them, and nobody confirmed those acts."""
        return self.filter(doubted_at__isnull=False, confirmed_on=None)


class Mandate(models.Model):
    """The right to bind an organisation: in which function, by which decision, from when to when (days included).

    What was done under it outlives it, unless the organisation ended it with effect on that (``doubted_at``); then
    nothing rests on those acts until a manager with a mandate in force confirms them.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mandates")
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mandates")
    function = models.CharField(_("function"), max_length=150)
    reference = models.CharField(_("reference of the decision"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("why it was withdrawn"), blank=True)
    doubted_at = models.DateTimeField(null=True, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_under = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="mandate_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(doubted_at=None) | Q(withdrawn_on__isnull=False), name="mandate_doubted_when_it_ended"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on=None) | Q(confirmed_by__isnull=False, confirmed_under__isnull=False),
                name="mandate_confirmed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder}, {self.function} ({self.organisation})"

    def holds(self, day: date) -> bool:
        """What ``binding`` asks of the database."""
        return self.valid_from <= day <= self.valid_to and (self.withdrawn_on is None or self.withdrawn_on > day)

    @property
    def in_doubt(self) -> bool:
        return self.doubted_at is not None and self.confirmed_on is None


from accounts.partners import Contact, Deputy  # noqa: E402 (they point at the classes above)
from accounts.support.models import SupportAccess  # noqa: E402

__all__ = [
    "Contact", "Deputy", "Mandate", "Membership", "Organisation", "OrganisationQuerySet", "RoleHeld", "SupportAccess",
    "User",
]  # fmt: skip
