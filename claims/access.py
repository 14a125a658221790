"""Who may see and do what: the only place where roles are read.

A reader reads; a reporter also takes in, corrects, notes and flags; an editor also decides,
settles flags, joins claims and withdraws articles; an admin also manages people, settings and the policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, F, Func, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from claims.models import Annotation, Claim, Flag, Hop, Member, Statement
from claims.models.member import Role
from sources.models import Capture, Document, Source

DEMO_PASSWORD = "hearsay-demo"  # noqa: S105  (public on purpose; worth nothing outside the demo)

RANK = {Role.READER: 1, Role.REPORTER: 2, Role.EDITOR: 3, Role.ADMIN: 4}
READ, WRITE, DECIDE, MANAGE = 1, 2, 3, 4
NEEDED = {READ: "a reader", WRITE: "a reporter", DECIDE: "an editor", MANAGE: "an admin"}

View = Callable[..., HttpResponse]


class NewsroomBackend(ModelBackend):
    """Django's own log-in, but the demo's password opens nothing outside the demo."""

    def authenticate(self, request: HttpRequest | None, **kwargs: Any) -> User | None:  # type: ignore[override]
        """The user with this name and password, or None."""
        if kwargs.get("password") == DEMO_PASSWORD and not settings.DEMO:
            return None
        return super().authenticate(request, **kwargs)

    def get_user(self, user_id: int) -> User | None:
        """The account of a session with its role, in one query: every page asks for both."""
        user = User.objects.select_related("member").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Django's admin asks for permissions: an admin of the newsroom has them all, nobody else any."""
        return rank(user_obj) >= MANAGE

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """As ``has_perm``."""
        return rank(user_obj) >= MANAGE


class NotTheDemoPassword:
    """A password validator: nobody chooses the password that the README prints."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ``ValidationError`` for the demo's password."""
        if password == DEMO_PASSWORD:
            raise ValidationError("This is the password of the demo accounts; choose another.")

    def get_help_text(self) -> str:
        """What the form says of it."""
        return "Your password can’t be that of the demo accounts."


def rank(user: User | AnonymousUser) -> int:
    """How much a user may do: 0 for a stranger and for an account without a role, up to MANAGE."""
    if not user.is_authenticated or not user.is_active:
        return 0
    # Django keeps the row on the user, so one request asks for it once.
    member: Member | None = getattr(user, "member", None)
    return RANK[Role(member.role)] if member else 0


def person(request: HttpRequest) -> User:
    """Who acts, for a view behind ``needs``."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Log in first.")
    return request.user


def for_templates(request: HttpRequest) -> dict[str, Any]:
    """What templates may ask: ``may.read``, ``may.write``, ``may.decide``, ``may.manage``; ``demo``."""
    has = getattr(request, "rank", None)
    if has is None:
        has = rank(request.user) if hasattr(request, "user") else 0
    may = {"read": has >= READ, "write": has >= WRITE, "decide": has >= DECIDE, "manage": has >= MANAGE}
    return {"may": may, "demo": settings.DEMO}


def needs(level: int) -> Callable[[View], View]:
    """Let a view run only for people of that level; others get a 403 page that says what is needed."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.rank = rank(request.user)  # type: ignore[attr-defined]
            if request.rank == 0:  # type: ignore[attr-defined]
                raise PermissionDenied("Your account has no role here yet; ask an admin for one.")
            if request.rank < level:  # type: ignore[attr-defined]
                raise PermissionDenied(f"Only {NEEDED[level]}, or somebody with a wider role, may do this.")
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def sees_withdrawn(user: User | AnonymousUser) -> bool:
    """Withdrawn articles are hidden from all but those who can restore them."""
    return rank(user) >= DECIDE


def documents(user: User | AnonymousUser) -> Any:
    """The documents that a user may see."""
    if rank(user) < READ:
        return Document.objects.none()
    return Document.objects.all() if sees_withdrawn(user) else Document.objects.standing()


def document_or_404(user: User | AnonymousUser, pk: int) -> Document:
    """The document, for somebody who may see it."""
    found = documents(user).select_related("publisher").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such article.")
    return found


def capture_or_404(user: User | AnonymousUser, pk: int) -> Capture:
    """A capture of an article that the user may see."""
    found = Capture.objects.defer("data").select_related("document__publisher").filter(pk=pk).first()
    if rank(user) < READ or found is None or (found.document.withdrawn_at and not sees_withdrawn(user)):
        raise Http404("There is no such article.")
    return found


def statements(user: User | AnonymousUser) -> Any:
    """The statements that a user may see, deleted ones left out."""
    if rank(user) < READ:
        return Statement.objects.none()
    found = Statement.objects.filter(deleted_at__isnull=True)
    return found if sees_withdrawn(user) else found.filter(capture__document__withdrawn_at__isnull=True)


def statement_or_404(user: User | AnonymousUser, pk: int, *, deleted: bool = False) -> Statement:
    """The statement, for somebody who may see its article; a deleted one only when asked for."""
    found = Statement.objects.with_article().select_related("claim").filter(pk=pk)
    if not deleted:
        found = found.filter(deleted_at__isnull=True)
    statement = found.first() if rank(user) >= READ else None
    if statement is None or (statement.capture.document.withdrawn_at and not sees_withdrawn(user)):
        raise Http404("There is no such claim.")
    return statement


def hop_or_404(statement: Statement, pk: int) -> Hop:
    """A standing hop of this statement."""
    hop = statement.hops.standing().select_related("source").filter(pk=pk).first()
    if hop is None:
        raise Http404("This claim has no such source.")
    return hop


def flag_or_404(user: User | AnonymousUser, pk: int) -> Flag:
    """A flag of a statement that the user may see."""
    flag = Flag.objects.select_related("statement").filter(pk=pk).first()
    if flag is None:
        raise Http404("There is no such flag.")
    statement_or_404(user, flag.statement_id)
    return flag


def notes(user: User | AnonymousUser) -> Any:
    """The notes that a user may see: the desk's and their own private ones, on articles that they may see."""
    if rank(user) < READ:
        return Annotation.objects.none()
    found = Annotation.objects.filter(Q(private=False) | Q(author=user))
    return found if sees_withdrawn(user) else found.filter(capture__document__withdrawn_at__isnull=True)


def notes_of_the_desk() -> Any:
    """The notes that anybody at the desk may see."""
    return Annotation.objects.filter(private=False)


def tags(user: User | AnonymousUser, begun: str = "") -> list[str]:
    """The tags of the notes that a user may see, those that begin so, the most used first."""
    seen = notes(user).filter(withdrawn_at__isnull=True).exclude(tags=[])
    counted = seen.annotate(tag=Func(F("tags"), function="unnest")).values("tag").annotate(n=Count("pk"))
    return [row["tag"] for row in counted.order_by("-n", "tag") if row["tag"].startswith(begun)]


def annotation_or_404(user: User | AnonymousUser, pk: int) -> Annotation:
    """A note on an article that the user may see."""
    note = notes(user).select_related("capture").filter(pk=pk).first()
    if note is None:
        raise Http404("There is no such note.")
    document_or_404(user, note.capture.document_id)
    return note


def writes(user: User | AnonymousUser) -> bool:
    """Whether a person may correct, note and flag."""
    return rank(user) >= WRITE


def takes_back(user: User | AnonymousUser, whose: int | None, *, decides: bool) -> bool:
    """Whether a person may undo a deed: editors anybody’s, reporters their own corrections.

    ``whose`` is the account of who did it, ``decides`` whether it was what only an editor may do.
    """
    return rank(user) >= (DECIDE if decides or whose != user.pk else WRITE)


def sources(user: User | AnonymousUser) -> Any:
    """The sources that a user may see: an unnamed one of a withdrawn article is hidden with it."""
    if rank(user) < READ:
        return Source.objects.none()
    if sees_withdrawn(user):
        return Source.objects.all()
    return Source.objects.filter(Q(within__isnull=True) | Q(within__withdrawn_at__isnull=True))


def source_or_404(user: User | AnonymousUser, pk: int) -> Source:
    """The source, for somebody who may see it."""
    found = sources(user).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such source.")
    return found


def claim_or_404(user: User | AnonymousUser, pk: int) -> Claim:
    """The claim, for somebody who may see at least one of its statements."""
    found = Claim.objects.filter(pk=pk).first()
    if found is None or not statements(user).filter(claim=found).exists():
        raise Http404("There is no such claim.")
    return found


def wording_of(user: User | AnonymousUser, claim: Claim) -> str:
    """A claim in words that the user may see.

    Nobody may have worded it: then its words are those of one statement, which may be hidden by now.
    """
    seen = [s.wording for s in statements(user).filter(claim=claim)]
    theirs = claim.wording in seen or not claim.statements.filter(wording=claim.wording).exists()
    return claim.wording if theirs or not seen else min(seen, key=len)


def may_still_look(open_pages: Iterable[tuple[UUID, str, int, int]]) -> set[UUID]:
    """Which of these pages their people may still look at; each with session, user and document.

    Not when the person logged out, changed the password elsewhere or lost the role, nor when the article was
    withdrawn from them.
    """
    pages = list(open_pages)
    people = User.objects.select_related("member").in_bulk({user for _, _, user, _ in pages})
    sessions = Session.objects.filter(
        session_key__in={session for _, session, _, _ in pages}, expire_date__gt=timezone.now()
    ).in_bulk()
    withdrawn = {
        pk: at is not None
        for pk, at in Document.objects.filter(pk__in={document for *_, document in pages}).values_list(
            "pk", "withdrawn_at"
        )
    }
    return {
        key
        for key, session, user, document in pages
        if user in people
        and session in sessions
        and logged_in(sessions[session], people[user])
        and rank(people[user]) >= READ
        and document in withdrawn
        and (not withdrawn[document] or sees_withdrawn(people[user]))
    }


def logged_in(session: Session, user: User) -> bool:
    """Whether the session is this person’s, with the password that they have now."""
    said = session.get_decoded()
    return said.get(SESSION_KEY) == str(user.pk) and constant_time_compare(
        said.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    )


def people() -> Any:
    """Who can be given something to review: whoever works here and may write."""
    roles = [role for role, has in RANK.items() if has >= WRITE]
    return User.objects.filter(is_active=True, member__role__in=roles).order_by("username")


def may_give(by: User, to: User, holder: int) -> None:
    """Editors give to anybody, reporters to themselves what nobody has (``holder`` is 0).

    Raises ``PermissionDenied`` otherwise.
    """
    if rank(by) >= DECIDE or (rank(by) >= WRITE and to == by and holder in (0, by.pk)):
        return
    raise PermissionDenied("Only an editor gives it to somebody else.")


def may_end(by: User, holder: int) -> None:
    """Whoever has it says that it is done or gives it back, or an editor. Else ``PermissionDenied``."""
    if rank(by) < WRITE or (by.pk != holder and rank(by) < DECIDE):
        raise PermissionDenied("Only whoever has it, or an editor, may do this.")


def must_decide(by: User) -> None:
    """Raise ``PermissionDenied`` for anybody who is no editor."""
    if rank(by) < DECIDE:
        raise PermissionDenied(f"Only {NEEDED[DECIDE]}, or somebody with a wider role, may do this.")


def username_of(pk: int | None) -> str:
    """What an account is called, for sentences; "Somebody" when it isn't known."""
    found = User.objects.filter(pk=pk).first() if pk else None
    return found.get_username() if found else "Somebody"
