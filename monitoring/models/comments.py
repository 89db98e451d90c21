"""Comments on a cell or on an answer of a self-assessment: for experts and the centre's own people."""

import uuid

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.access import CentreOwned, CentreOwnedQuerySet, reach_of
from centres.history import track
from centres.models import CENTRE_ROLES, Membership, Role, User

from .assessments import SelfAssessment
from .matrix import Cell
from .questionnaires import Question


class RemarkQuerySet(CentreOwnedQuerySet):
    def editable_by(self, user):
        """Threads that the person may resolve and reopen: staff any, others what they began."""
        return self.visible_to(user).filter(Q(centre__network__in=reach_of(user).oversees) | Q(author=user.pk))

    def open_threads(self):
        """First remarks that nobody has resolved yet."""
        return self.filter(parent__isnull=True, resolved_at__isnull=True)

    def waiting_for(self, user):
        """Open threads in which somebody else has had the last word so far."""
        replies = self.model.objects.filter(parent=OuterRef("pk")).order_by("-created_at", "pk")
        last = Coalesce(Subquery(replies.values("author")[:1]), F("author"), output_field=models.BigIntegerField())
        return self.visible_to(user).open_threads().annotate(last_author=last).exclude(last_author=user.pk)

    def with_replies(self):
        """With the author and the replies, the newest thread first."""
        replies = self.model.objects.select_related("author").order_by("created_at", "-pk")
        return (
            self.select_related("author").prefetch_related(Prefetch("replies", replies)).order_by("-created_at", "pk")
        )


class CommentQuerySet(RemarkQuerySet):
    def editable_by(self, user):
        return self.visible_to(user).filter(Q(cell__cycle__network__in=reach_of(user).oversees) | Q(author=user.pk))

    def for_list(self):
        """With the cell that each is about and the replies, the newest thread first."""
        return self.with_replies().select_related("author", "cell__cycle", "cell__centre", "cell__aspect")


class Remark(CentreOwned):
    """A remark anchored to something, or a reply to one. A thread is resolved as a whole and can be reopened."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="replies", null=True, blank=True, verbose_name=_("reply to")
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("author"))
    text = models.TextField(_("comment"), max_length=5_000)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_resolved_at_and_by",
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="%(class)s_only_threads_resolve", condition=Q(parent__isnull=True) | Q(resolved_at__isnull=True)
            ),
            models.CheckConstraint(name="%(class)s_not_its_own_reply", condition=~Q(pk=F("parent"))),
        ]

    def __str__(self):
        return f"{self.author}: {self.text[:60]}"

    @property
    def last_word(self):
        """The newest reply of a thread, or its first remark where there is none."""
        return [self, *self.replies.all()][-1]

    def resolve(self, *, by) -> None:
        self.resolved_at, self.resolved_by = timezone.now(), by
        self.save(update_fields=["resolved_at", "resolved_by"])

    def reopen(self) -> None:
        self.resolved_at = self.resolved_by = None
        self.save(update_fields=["resolved_at", "resolved_by"])


@track()
class Comment(Remark):
    """A remark on a cell of the matrix."""

    cell = models.ForeignKey(Cell, on_delete=models.PROTECT, related_name="comments", verbose_name=_("cell"))

    objects = CommentQuerySet.as_manager()

    class Meta(Remark.Meta):
        verbose_name = _("comment")
        verbose_name_plural = _("comments")


class AnswerCommentQuerySet(RemarkQuerySet):
    def with_side(self):
        """Each with `speaks`: whether it is the centre's word, by its own people or by who writes on its behalf."""
        written = Membership.objects.filter(user=OuterRef("author"))
        own = written.filter(centre=OuterRef("centre"), role__in=CENTRE_ROLES)
        told = written.filter(network=OuterRef("centre__network"), role=Role.COORDINATOR)
        return self.annotate(speaks=Exists(own) | (Exists(told) & ~Q(assessment__told_by="")))


@track()
class AnswerComment(Remark):
    """A remark on a question of a centre's self-assessment, answered or not."""

    assessment = models.ForeignKey(
        SelfAssessment, on_delete=models.PROTECT, related_name="comments", verbose_name=_("self-assessment")
    )
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="comments", verbose_name=_("question")
    )

    objects = AnswerCommentQuerySet.as_manager()

    class Meta(Remark.Meta):
        verbose_name = _("comment on an answer")
        verbose_name_plural = _("comments on answers")
