"""What can be asked of the worker, and what each kind of job is told and gives back.

Payloads and results are plain JSON: ids, days (`2026-12-01`), counts, rules. `wave_id` is in every
payload; what `?` marks may be left out. A file is the name that the upload gave it in the inbox.

| kind | payload besides `wave_id` | result |
|---|---|---|
| propose | file, instrument_id?, mapping? (name of a saved one), columns? (by number, as a person chose them), subject_id? (whom all rows are about) | tool, mapping_hash ("": the file says all), lines, missing, is_usable |
| ingest | file ("": what our form collected), instrument_id?, mapping?, columns?, subject_id?, mapping_hash?, source_name?, is_addition?, is_trial? | outcome, tool, batch_no, source_name, tally, broken, checks, is_wave_new, notice_count |
| publish | | release_no, subject_count, released_count, suppressed_count, unit_date |
| prove | release_no? | release_no, is_held, shown_count, hidden_count, attacks |
| close | is_trial? | the counts of `ClosingReport` |
| withdraw | reason | release_no |
| create | instrument_id?, opens_on?, closes_on?, asked_by?, reply_to?, unit_days?, is_repeated?, policy_text? | is_new, opens_on, closes_on |
| assign | file? (CSV of who works with whom), from_wave?, is_trial? | nomination_count, subject_count, rater_count, assignment_count, dropped, small |
| approve | | nomination_count |
| preview | | assignment_count, rater_count, subject_count, dropped, small, outlooks, at_risk, helped |
| open | is_small_accepted? | assignment_count, closes_on |
| try | | state (the link itself goes by mail to who asked) |
| nominate, invite, remind, thank, announce | | sent_count, failure_count, resting_count, failures (person_id, code) |
| list_comments | | comment_count, held_count |
| hold_comment, release_comment | comment_no, reason? | comment_no |
| import_roster | file, is_trial? (`wave_id` is "") | record_count, day, joins, leaves, moves, manager_changes, role_changes, edits, gained_count, lost_count |

A header may hold a name and a comment is somebody's words: they go beside the result as an enclosure
(`survey/enclosure.py`), for an hour. `propose` encloses number and text of each column, `list_comments`
comment_no, subject_id, is_held and words.
"""

from enum import StrEnum


class JobKind(StrEnum):
    """What the worker can do for somebody."""

    PROPOSE = "propose"
    INGEST = "ingest"
    PUBLISH = "publish"
    PROVE = "prove"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    CREATE = "create"
    ASSIGN = "assign"
    APPROVE = "approve"
    PREVIEW = "preview"
    OPEN = "open"
    TRY = "try"
    NOMINATE = "nominate"
    INVITE = "invite"
    REMIND = "remind"
    THANK = "thank"
    ANNOUNCE = "announce"
    LIST_COMMENTS = "list_comments"
    HOLD_COMMENT = "hold_comment"
    RELEASE_COMMENT = "release_comment"
    IMPORT_ROSTER = "import_roster"
