"""For the council: what was promised, whether attacks on the release found anything, and what was done. No score."""

from collections.abc import Sequence

import streamlit as st

from dashboard.access_policy import AccessPolicy
from dashboard.directory import Directory
from dashboard.oversight import Overseen, Oversight
from dashboard.reading import Reading
from dashboard.spoken import spoken
from dashboard.views.evidence import show_note, show_rows
from dashboard.wording import capital, escape_markdown
from pipeline.release import ReleasedWave
from pipeline.released_comment import CommentRule
from pipeline.released_proof import KeptProof
from survey.campaign import WaveState

_PRINT = 12
"""Characters of a fingerprint that are shown; enough to compare by eye."""


def show(release: Reading, directory: Directory) -> None:
    """Draws the page; the answer first, then what it rests on."""
    proof, overseen = release.proof(), directory.oversight(release.viewer)
    if overseen is None:
        return
    st.title(spoken().say(f"council_title_{verdict(release, proof, overseen)}", release=release.number))
    show_proof(proof)
    show_promises(release)
    show_roles(directory.policy)
    show_audit(overseen)


def verdict(release: Reading, proof: KeptProof | None, overseen: Oversight) -> str:
    """Returns the end of the title's key: what is worst comes first."""
    if not overseen.is_whole:
        return "broken"
    if proof is None or proof.release_no != release.number:
        return "unproved"
    return "held" if proof.is_held else "found"


def show_proof(proof: KeptProof | None) -> None:
    """Writes what was attacked, how often, and what was found; or how it is done."""
    words = spoken()
    st.header(words.say("council_proof"))
    if proof is None:
        st.write(words.say("council_no_proof"))
        st.code("pmhealth prove", language=None)
        return
    st.write(
        words.say("council_proof_counts", shown=f"{proof.shown_count:,}", hidden=f"{proof.hidden_count:,}")
    )
    rows = [
        (words.say(f"proof_attack_{one.name}"), f"{one.tried:,}", f"{one.found:,}") for one in proof.attacks
    ]
    mismatched = sum(table.mismatched for table in proof.tables)
    rows.append(
        (
            words.say("council_recomputed"),
            f"{sum(one.recomputed for one in proof.tables):,}",
            f"{mismatched:,}",
        )
    )
    show_rows(("council_looked_for", "council_tried", "council_found"), rows, "council_proof")
    show_note(words.say("council_file", file=proof.file, sha256=proof.sha256))


def show_promises(release: Reading) -> None:
    """Writes what each published wave promised; it was fixed when the wave opened."""
    words, rules = spoken(), {rule.wave_id: rule for rule in release.comment_rules()}
    waves = [wave for wave in release.waves() if wave.state == WaveState.PUBLISHED]
    st.header(words.say("council_policy"))
    st.write(words.say("council_policy_lead"))
    alike: dict[tuple[str, ...], list[str]] = {}
    for wave in reversed(waves):
        alike.setdefault(promised(wave, rules.get(wave.wave_id)), []).append(wave.wave_id)
    st.markdown("\n".join(f"- {promise_words(promise, found)}" for promise, found in alike.items()))


def promised(wave: ReleasedWave, rule: CommentRule | None) -> tuple[str, ...]:
    """Returns what a wave promised: k, the unit minimum, when words are shown, and the policy's fingerprint."""
    needed = ("", "") if rule is None else (str(rule.needed_submitters), str(rule.needed_authors))
    return str(wave.min_raters), str(wave.min_pms), *needed, wave.policy_hash[:_PRINT]


def promise_words(promise: tuple[str, ...], wave_ids: Sequence[str]) -> str:
    """Returns one promise and the waves that made it."""
    words, (k, s, answered, written, fingerprint) = spoken(), promise
    of_words = words.say("council_promise_words", answered=answered, written=written) if answered else ""
    values = {"k": k, "s": s, "words": of_words, "print": f"`{escape_markdown(fingerprint)}`"}
    waves = escape_markdown(", ".join(wave_ids))
    return words.count("council_promise", len(wave_ids), waves=waves, **values)


def show_roles(policy: AccessPolicy) -> None:
    """Writes how many have which role beyond the roster, and whether leads read results without a share."""
    words = spoken()
    st.header(words.say("council_access"))
    counts = {"hr": policy.hr, "executive": policy.executive, "council": policy.council}
    lines = [words.count(f"council_{role}", len(people)) for role, people in counts.items()]
    since = policy.leads_see_results_from
    lines.append(
        words.say("council_share") if since is None else words.say("council_since", day=words.day(since))
    )
    st.markdown("\n".join(f"- {line}" for line in lines))


def show_audit(overseen: Oversight) -> None:
    """Writes whether the audit is whole, and the latest entries without names."""
    words = spoken()
    st.header(words.say("council_audit"))
    whole = words.count("council_whole", overseen.count)
    st.write(whole if overseen.is_whole else words.count("council_broken", len(overseen.breaks)))
    for found in overseen.breaks:
        st.write(words.say("council_break", number=found.entry_no))
    if overseen.head_hash:
        st.write(words.say("council_note_head"))
        st.code(f"pmhealth audit verify --head {overseen.head_hash}", language=None, wrap_lines=True)
    rows = [
        (f"{one.entry_no} · {one.done_at:%Y-%m-%d %H:%M} UTC", entry_words(one)) for one in overseen.entries
    ]
    show_rows(("council_no", "looks_what"), rows, "council_audit")
    show_note(words.say("council_audit_note"))


def entry_words(one: Overseen) -> str:
    """Returns who did what, and to which wave or unit; of a person it says no more."""
    words = spoken()
    values = {"by": capital(words.say(f"by_{one.by}")), "done": done(one.family, one.step)}
    return words.say("council_entry_about" if one.about else "council_entry", about=one.about, **values)


def done(family: str, step: str) -> str:
    """Returns what an entry says was done; of what has no words yet, its own name."""
    words = spoken()
    for key in (f"done_{family}_{step}", f"done_{family}"):
        if key in words.texts:
            return words.say(key, step=step)
    return f"{family} {step}".strip()
