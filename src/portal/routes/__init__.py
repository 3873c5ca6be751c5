"""The map of the site: every address of the portal, one line each."""

from portal.routes import (
    acceptances,
    answers,
    approvals,
    batches,
    blocks,
    bounces,
    commission,
    commission_desk,
    consents,
    control,
    corrections,
    covers,
    dev_esia,
    dev_mail,
    directories,
    drafts,
    execution,
    files,
    followings,
    hand_backs,
    hand_overs,
    health,
    intakes,
    joinings,
    leases,
    letter_choices,
    letter_words,
    letters,
    live,
    messages,
    moderation,
    objections,
    openings,
    parts,
    photos,
    phrases,
    promises,
    publications,
    publishings,
    pushes,
    questions,
    ratings,
    readings,
    reasons,
    refusals,
    registrations,
    replies,
    reports,
    reroutings,
    reviews,
    saved_views,
    searches,
    sendings_back,
    settings,
    sign_ins,
    sittings,
    subscriptions,
    typical_answers,
    uploads,
    withdrawals,
    workload,
)

ROUTES = [
    publications.index,  # GET  /
    publications.show,  # GET  /publications/{number}
    publications.photo,  # GET  /publications/{number}/files/{id}/{content}/{size}
    subscriptions.new,  # GET  /subscriptions/new
    subscriptions.create,  # POST /subscriptions
    subscriptions.thank,  # GET  /subscriptions/asked
    subscriptions.show,  # GET  /subscriptions/confirmation/{token}
    subscriptions.confirm,  # POST /subscriptions/confirmation/{token}
    followings.show,  # GET  /subscriptions/{token}
    followings.leave,  # POST /subscriptions/{token}
    followings.index,  # GET  /settings/subscriptions
    followings.update,  # POST /settings/subscriptions
    messages.index,  # GET  /messages
    messages.new,  # GET  /messages/new
    messages.create,  # POST /messages
    messages.show,  # GET  /messages/{id}
    readings.create,  # POST /readings
    corrections.edit,  # GET  /messages/{id}/correction
    corrections.update,  # POST /messages/{id}/correction
    replies.create,  # POST /messages/{id}/reply
    ratings.create,  # POST /messages/{id}/rating
    consents.destroy,  # POST /messages/{id}/consent/withdrawal
    replies.show,  # GET  /questions/{token}
    replies.update,  # POST /questions/{token}
    answers.show,  # GET  /answers/{token}
    answers.rate,  # POST /answers/{token}/rating
    answers.paper,  # GET  /answers/{token}/files/{id}
    answers.file,  # GET  /answers/{token}/files/{id}/{size}
    files.show,  # GET  /files/{id}
    files.original,  # GET  /files/{id}/original
    files.prepared,  # GET  /files/{id}/{size}
    uploads.options,  # OPTIONS /uploads
    uploads.create,  # POST /uploads
    uploads.show,  # GET  /uploads/{id}
    uploads.update,  # PATCH /uploads/{id}
    uploads.move,  # POST /uploads/{id}/form
    uploads.destroy,  # DELETE /uploads/{id}
    sign_ins.new,  # GET  /sign-in
    sign_ins.depart,  # POST /sign-in/esia
    sign_ins.arrive,  # GET  /sign-in/esia/return
    sign_ins.edit,  # GET  /sign-in/consent
    sign_ins.update,  # POST /sign-in/consent
    sign_ins.destroy,  # POST /sign-out
    moderation.index,  # GET  /moderation
    moderation.rows,  # GET  /moderation/rows
    moderation.show,  # GET  /moderation/{id}
    moderation.news,  # GET  /moderation/{id}/news
    moderation.hinted,  # GET  /moderation/{id}/hints
    leases.update,  # POST /moderation/next
    leases.show,  # GET  /messages/{id}/lease
    leases.create,  # POST /messages/{id}/lease
    leases.destroy,  # POST /messages/{id}/lease/ending
    searches.index,  # GET  /search
    searches.views,  # GET  /search/views
    saved_views.create,  # POST /search/views
    saved_views.destroy,  # POST /search/views/{id}/removal
    batches.new,  # GET  /batches/new
    batches.create,  # POST /batches/{act}
    registrations.new,  # GET  /messages/{id}/registration
    registrations.create,  # POST /messages/{id}/registration
    registrations.look,  # POST /messages/{id}/registration/terms
    typical_answers.fill,  # POST /messages/{id}/typical-answer/text
    typical_answers.create,  # POST /messages/{id}/typical-answer
    questions.create,  # POST /messages/{id}/question
    refusals.create,  # POST /messages/{id}/refusal
    reroutings.create,  # POST /messages/{id}/rerouting
    joinings.create,  # POST /messages/{id}/joining
    joinings.undo,  # POST /messages/{id}/detaching
    approvals.create,  # POST /messages/{id}/approval
    sendings_back.create,  # POST /messages/{id}/sending-back
    commission.create,  # POST /messages/{id}/commission
    blocks.create,  # POST /messages/{id}/block
    blocks.show,  # GET  /block
    blocks.object_to,  # POST /block/objection
    commission_desk.index,  # GET  /commission
    commission_desk.show,  # GET  /commission/cases/{file}
    sittings.create,  # POST /commission/sittings
    sittings.show,  # GET  /commission/sittings/{id}
    sittings.note_presence,  # POST /commission/sittings/{id}/presence
    sittings.propose,  # POST /commission/sittings/{id}/proposals
    sittings.vote,  # POST /commission/sittings/{id}/votes
    sittings.close,  # POST /commission/sittings/{id}/closing
    commission_desk.protocol,  # GET  /commission/sittings/{id}/protocol
    objections.index,  # GET  /objections
    objections.show,  # GET  /objections/{block}
    objections.update,  # POST /objections/{block}
    publishings.show,  # GET  /moderation/{id}/publication
    publishings.create,  # POST /messages/{id}/publication
    withdrawals.new,  # GET  /moderation/{id}/withdrawal
    withdrawals.create,  # POST /messages/{id}/withdrawal
    covers.edit,  # GET  /moderation/{id}/photos/{file}
    covers.show,  # GET  /moderation/{id}/photos/{file}/state
    covers.update,  # POST /messages/{id}/photos/{file}/covers
    execution.index,  # GET  /execution
    execution.rows,  # GET  /execution/rows
    workload.index,  # GET  /execution/workload
    workload.show,  # GET  /execution/workload/{official}
    phrases.index,  # GET  /execution/phrases
    phrases.create,  # POST /execution/phrases
    phrases.update,  # POST /execution/phrases/{id}
    phrases.destroy,  # POST /execution/phrases/{id}/removal
    phrases.show,  # GET  /execution/{id}/phrases
    execution.show,  # GET  /execution/{id}
    execution.news,  # GET  /execution/{id}/news
    acceptances.create,  # POST /messages/{id}/acceptance
    hand_backs.create,  # POST /messages/{id}/hand-back
    hand_overs.create,  # POST /messages/{id}/hand-over
    hand_overs.take,  # POST /messages/{id}/hand-over/taking
    hand_overs.give_back,  # POST /messages/{id}/hand-over/return
    hand_overs.destroy,  # POST /messages/{id}/hand-over/withdrawal
    parts.create,  # POST /messages/{id}/parts
    parts.destroy,  # POST /messages/{id}/parts/{part}/removal
    parts.update,  # POST /messages/{id}/parts/{part}/report
    parts.keep_words,  # POST /messages/{id}/parts/{part}/words
    parts.complete,  # POST /messages/{id}/parts/{part}/completion
    parts.insert,  # POST /messages/{id}/answer/parts
    drafts.create,  # POST /messages/{id}/answer
    drafts.keep_words,  # POST /messages/{id}/answer/words
    reviews.point,  # POST /messages/{id}/answer/pointed
    reviews.create,  # POST /messages/{id}/answer/review
    photos.open_from_answer,  # POST /messages/{id}/answer/photo
    photos.open_from_part,  # POST /messages/{id}/parts/{part}/photo
    photos.edit,  # GET  /execution/{id}/photos/{file}
    photos.turn,  # POST /messages/{id}/photos/{file}/turn
    photos.crop,  # POST /messages/{id}/photos/{file}/crop
    photos.restore,  # POST /messages/{id}/photos/{file}/original
    photos.confirm,  # POST /messages/{id}/photos/{file}/confirmation
    control.index,  # GET  /control
    reports.show,  # GET  /control/report
    reports.as_csv,  # GET  /control/report.csv
    reports.as_xlsx,  # GET  /control/report.xlsx
    control.show,  # GET  /control/{id}
    control.news,  # GET  /control/{id}/news
    promises.index,  # GET  /control/promises
    openings.create,  # POST /messages/{id}/opening
    letters.index,  # GET  /messages/{id}/letters
    letters.resend,  # POST /messages/{id}/letters/{letter}/resending
    letter_choices.edit,  # GET  /settings/letters
    letter_choices.update,  # POST /settings/letters
    letter_choices.update_pushes,  # POST /settings/letters/pushes
    pushes.edit,  # GET  /settings/push
    pushes.create,  # POST /settings/push
    pushes.destroy,  # POST /settings/push/off
    letter_choices.show,  # GET  /letters/{token}
    letter_choices.decline,  # POST /letters/{token}
    bounces.create,  # POST /bounces
    reasons.ask,  # POST /messages/{id}/reason-request
    reasons.give,  # POST /messages/{id}/reason
    directories.index,  # GET  /directories
    intakes.export,  # GET  /directories/export
    intakes.table,  # GET  /directories/{name}/export
    intakes.new,  # GET  /directories/import
    intakes.create,  # POST /directories/import
    intakes.show,  # GET  /directories/import/{id}
    intakes.update,  # POST /directories/import/{id}
    directories.show,  # GET  /directories/{name}
    directories.new,  # GET  /directories/{name}/new
    directories.create,  # POST /directories/{name}
    directories.edit,  # GET  /directories/{name}/{row}
    directories.update,  # POST /directories/{name}/{row}
    directories.withdraw,  # POST /directories/{name}/{row}/withdrawal
    letter_words.index,  # GET  /wording
    letter_words.edit,  # GET  /wording/{letter}/{language}
    letter_words.update,  # POST /wording/{letter}/{language}
    letter_words.look,  # POST /wording/{letter}/{language}/preview
    letter_words.destroy,  # POST /wording/{letter}/{language}/built-in
    letter_words.show,  # GET  /wording/{letter}/{language}/preview/{token}
    live.show,  # GET  /live
    settings.update,  # POST /settings/view
    health.show,  # GET  /health
    health.files,  # GET  /health/files
    health.mail,  # GET  /health/mail
]

# Never mounted in production: they sign anybody in as anybody, and show everybody's letters.
DEVELOPMENT = [
    sign_ins.create,  # POST /sign-in/people/{id}
    dev_esia.new,  # GET  /dev/esia/aas/oauth2/v2/ac
    dev_esia.create,  # POST /dev/esia/aas/oauth2/v2/ac
    dev_mail.index,  # GET  /dev/mail
    dev_mail.show,  # GET  /dev/mail/{id}
    dev_mail.show_html,  # GET  /dev/mail/{id}/html
]
