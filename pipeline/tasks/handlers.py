"""Which handler does which kind of job."""

from collections.abc import Mapping

from pipeline.tasks import files, people, releases, waves
from pipeline.tasks.task import Handler
from survey.job_kind import JobKind

HANDLERS: Mapping[JobKind, Handler] = {
    JobKind.PROPOSE: files.propose_mapping,
    JobKind.INGEST: files.take_in,
    JobKind.PUBLISH: releases.publish,
    JobKind.PROVE: releases.prove,
    JobKind.WITHDRAW: releases.withdraw,
    JobKind.LIST_COMMENTS: releases.list_comments,
    JobKind.HOLD_COMMENT: releases.hold,
    JobKind.RELEASE_COMMENT: releases.release,
    JobKind.CREATE: waves.create,
    JobKind.ASSIGN: people.assign,
    JobKind.APPROVE: people.approve,
    JobKind.PREVIEW: waves.preview,
    JobKind.TRY: waves.try_form,
    JobKind.OPEN: waves.open_planned,
    JobKind.CLOSE: waves.close,
    JobKind.NOMINATE: waves.nominate,
    JobKind.INVITE: waves.invite,
    JobKind.REMIND: waves.remind,
    JobKind.THANK: waves.thank,
    JobKind.ANNOUNCE: waves.announce,
    JobKind.IMPORT_ROSTER: people.import_roster,
}
