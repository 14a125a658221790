"""Every address of Hearsay. A route, its view, its template and its test go by the same name."""

from django.contrib import admin
from django.contrib.auth import views as accounts
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import RedirectView

from claims.views import (
    article,
    articles,
    assignments,
    away,
    batches,
    chain,
    claims,
    desk,
    flags,
    health,
    history,
    hops,
    intake,
    live,
    note_list,
    notes,
    parting,
    parts,
    policy,
    search,
    sources,
    statement,
    statements,
    undo,
    versions,
)

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="desk"), name="start"),
    path("healthz", health.healthz, name="healthz"),
    # What waits for a review
    path("desk/", desk.desk, name="desk"),
    path("desk/away/", away.away, name="away"),
    path("desk/away/seen/", away.away_seen, name="away-seen"),
    path("desk/options/", desk.desk_options, name="desk-options"),
    path("desk/batches/", batches.batch_add, name="batch-add"),
    path("desk/batches/<int:pk>/", batches.batch, name="batch"),
    path("desk/batches/<int:pk>/undo/", batches.batch_undo, name="batch-undo"),
    path("people/options/", assignments.people_options, name="people-options"),
    # Articles
    path("articles/", articles.article_list, name="article-list"),
    path("articles/new/", intake.article_new, name="article-new"),
    path("articles/<int:pk>/", article.article, name="article"),
    path("articles/<int:pk>/live/", live.article_live, name="article-live"),
    path("articles/<int:pk>/here/", live.article_here, name="article-here"),
    path("articles/<int:pk>/captures/<int:capture_pk>/", article.article_capture, name="article-capture"),
    path("articles/<int:pk>/details/", article.article_details, name="article-details"),
    path("articles/<int:pk>/history/", history.article_history, name="article-history"),
    path("articles/<int:pk>/version/", versions.article_version, name="article-version"),
    path("articles/<int:pk>/withdraw/", article.article_withdraw, name="article-withdraw"),
    path("articles/<int:pk>/assign/", assignments.article_assign, name="article-assign"),
    path("articles/<int:pk>/assign/end/", assignments.article_assign_end, name="article-assign-end"),
    path("articles/<int:pk>/restore/", article.article_restore, name="article-restore"),
    path("articles/<int:document_pk>/claims/<int:pk>/", statement.statement, name="statement"),
    path("captures/<int:capture_pk>/status/", article.article_status, name="article-status"),
    path("captures/<int:capture_pk>/state/", live.article_state, name="article-state"),
    path("captures/<int:capture_pk>/read/", article.article_read, name="article-read"),
    path("captures/<int:capture_pk>/notes/", notes.article_note, name="article-note"),
    path("captures/<int:capture_pk>/statements/", statement.statement_add, name="statement-add"),
    # One claim of an article (a statement), and what people do to it
    path("statements/<int:pk>/parts/<slug:part>/", parts.statement_part, name="statement-part"),
    path("statements/<int:pk>/amend/", statement.statement_amend, name="statement-amend"),
    path("statements/<int:pk>/delete/", statement.statement_delete, name="statement-delete"),
    path("statements/<int:pk>/restore/", statement.statement_restore, name="statement-restore"),
    path("statements/<int:pk>/place/", versions.statement_place, name="statement-place"),
    path("statements/<int:pk>/assign/", assignments.statement_assign, name="statement-assign"),
    path("statements/<int:pk>/assign/end/", assignments.statement_assign_end, name="statement-assign-end"),
    path("statements/<int:pk>/verdict/", statement.statement_verdict, name="statement-verdict"),
    path("statements/<int:pk>/leave/", statement.statement_leave, name="statement-leave"),
    path("statements/<int:pk>/chain/", chain.chain, name="chain"),
    path("statements/<int:pk>/history/", history.statement_history, name="statement-history"),
    path("statements/<int:pk>/chain/copy/", parting.chain_copy, name="chain-copy"),
    path("statements/<int:pk>/split/", parting.statement_split, name="statement-split"),
    path("statements/<int:pk>/merge/", parting.statement_merge, name="statement-merge"),
    path("statements/<int:pk>/hops/", hops.hop_add, name="hop-add"),
    path("statements/<int:pk>/hops/<int:hop_pk>/amend/", hops.hop_amend, name="hop-amend"),
    path("statements/<int:pk>/hops/<int:hop_pk>/remove/", hops.hop_remove, name="hop-remove"),
    path("statements/<int:pk>/hops/<int:hop_pk>/move/", hops.hop_move, name="hop-move"),
    path("statements/<int:pk>/flags/", flags.flag_add, name="flag-add"),
    path("flags/", flags.flag_list, name="flag-list"),
    path("flags/<int:pk>/waive/", flags.flag_waive, name="flag-waive"),
    path("flags/<int:pk>/confirm/", flags.flag_confirm, name="flag-confirm"),
    path("flags/<int:pk>/dismiss/", flags.flag_dismiss, name="flag-dismiss"),
    path("flags/<int:pk>/reopen/", flags.flag_reopen, name="flag-reopen"),
    path("statements/<int:pk>/notes/", notes.note_add, name="note-add"),
    # Notes over all articles
    path("notes/", note_list.note_list, name="note-list"),
    path("notes/tags/", notes.note_tags, name="note-tags"),
    path("notes/<int:pk>/", notes.note, name="note"),
    path("notes/<int:pk>/reply/", notes.note_reply, name="note-reply"),
    path("notes/<int:pk>/edit/", notes.note_edit, name="note-edit"),
    path("notes/<int:pk>/resolve/", notes.note_resolve, name="note-resolve"),
    path("notes/<int:pk>/reopen/", notes.note_reopen, name="note-reopen"),
    path("notes/<int:pk>/withdraw/", notes.note_withdraw, name="note-withdraw"),
    path("notes/<int:pk>/restore/", notes.note_restore, name="note-restore"),
    path("notes/<int:pk>/place/", notes.note_place, name="note-place"),
    # Taking back what somebody did in one request
    path("deeds/<uuid:context>/undo/", undo.deed_undo, name="deed-undo"),
    # Claims over all articles
    path("claims/", statements.statement_list, name="statement-list"),
    path("claims/join/", statements.claim_join, name="claim-join"),
    path("claims/<int:pk>/", claims.claim, name="claim"),
    path("claims/<int:pk>/wording/", claims.claim_wording, name="claim-wording"),
    # Sources
    path("sources/", sources.source_list, name="source-list"),
    path("sources/options/", hops.source_options, name="source-options"),
    path("sources/<int:pk>/", sources.source, name="source"),
    path("sources/<int:pk>/amend/", sources.source_amend, name="source-amend"),
    # The policy in force
    path("policy/", policy.policy, name="policy"),
    path("policy/status/", policy.policy_status, name="policy-status"),
    path("policy/preview/", policy.policy_preview, name="policy-preview"),
    path("policy/save/", policy.policy_save, name="policy-save"),
    # Everything by its words
    path("search/", search.results, name="search"),
    # Accounts
    path(
        "login/",
        login_not_required(accounts.LoginView.as_view(redirect_authenticated_user=True)),
        name="login",
    ),
    path("logout/", accounts.LogoutView.as_view(), name="logout"),
    path("password/", accounts.PasswordChangeView.as_view(), name="password_change"),
    path("password/done/", accounts.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("admin/", admin.site.urls),
]

handler403 = "claims.views.errors.forbidden"
handler404 = "claims.views.errors.not_found"
