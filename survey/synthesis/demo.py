"""The demo's story: five quarters, three survey tools and our own tables, soiled as in real life."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from survey.instrument import Instrument
from survey.roster import STAGES, Person, Roster
from survey.roster_file import render_roster
from survey.synthesis import company
from survey.synthesis.export_file import ExportFile, export_wave, write_export
from survey.synthesis.mappings import write_mapping
from survey.synthesis.plan import PlannedFile, plan_files
from survey.synthesis.truth import Planted, describe_truth
from survey.synthesis.world import Campaign, Cycle, make_campaign, make_organisation, make_rng

SEED = 2026
_SEATS = {"hr": "hr", "executive": "executive", "council": "program"}
"""By role in the dashboard, the role in the roster of the one person who has it."""

_EXPECTATIONS = """\
# What is expected of PMs, as a mark beside their own scores. Check it with: pmhealth expectations
[[expected]]
level = "senior"
taste = 3.5
honesty = 4.0
clarity = 3.5
focus = 3.5

[[expected]]
level = "principal"
taste = 4.0
honesty = 4.0
clarity = 4.0
focus = 3.5
"""
INSTRUMENTS = ("great-pm", "core-competencies", "three-lenses", "stage-fit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Everything made up for the demo; `files` are in the order in which they are taken in."""

    seed: int
    roster: Roster
    campaigns: tuple[Campaign, ...]
    files: tuple[ExportFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """An export on disk; `mapping_path` is None where its own tool's conventions say enough."""

    export: ExportFile
    path: Path
    mapping_path: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDemo:
    """The demo's input on disk: what a person would have in their downloads folder."""

    roster_path: Path
    roles_path: Path
    expectations_path: Path
    files: tuple[WrittenFile, ...]


def make_demo(instruments: Mapping[str, Instrument], seed: int = SEED) -> Demo:
    """Returns the demo's organisation, its campaigns and its exports.

    Args:
        instruments: by id, at least those of `INSTRUMENTS`.
        seed: everything follows from it.
    """
    roster = make_organisation(company.COMPANY, seed)
    campaigns = {name: _campaign(roster, instruments[name], seed) for name in INSTRUMENTS}
    return Demo(
        seed=seed,
        roster=roster,
        campaigns=tuple(campaigns.values()),
        files=_files(roster, campaigns, seed),
    )


def write_demo(demo: Demo, folder: Path) -> WrittenDemo:
    """Writes roster, roles, expectations, exports, mappings and the truth below a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    roster_path = folder / "roster.csv"
    roster_path.write_text(render_roster(demo.roster), encoding="utf-8", newline="\n")
    (folder / "truth.json").write_text(_truth_text(demo), encoding="utf-8", newline="\n")
    roles_path = folder / "access.toml"
    roles_path.write_text(_roles_text(demo.roster), encoding="utf-8", newline="\n")
    expectations_path = folder / "expectations.toml"
    expectations_path.write_text(_EXPECTATIONS, encoding="utf-8", newline="\n")
    instruments = {campaign.instrument.instrument_id: campaign.instrument for campaign in demo.campaigns}
    return WrittenDemo(
        roster_path=roster_path,
        roles_path=roles_path,
        expectations_path=expectations_path,
        files=tuple(_write_file(file, instruments[file.instrument_id], folder) for file in demo.files),
    )


def _write_file(file: ExportFile, instrument: Instrument, folder: Path) -> WrittenFile:
    path = write_export(file, folder)
    mapping = write_mapping(file.tool_name, instrument)
    if not mapping:
        return WrittenFile(export=file, path=path, mapping_path=None)
    mapping_path = path.with_suffix(".mapping.yaml")
    mapping_path.write_text(mapping, encoding="utf-8", newline="\n")
    return WrittenFile(export=file, path=path, mapping_path=mapping_path)


def _roles_text(roster: Roster) -> str:
    """Who is HR and executive by their job; in the council sits somebody whom the work is done with."""
    of_role = {role: [one.person_id for one in roster.people if one.role == role] for role in _SEATS.values()}
    lines = (f"{name} = {json.dumps(of_role[role][:1])}" for name, role in _SEATS.items())
    return "# Who has which role in the dashboard beyond what the roster says.\n" + "\n".join(lines) + "\n"


def _truth_text(demo: Demo) -> str:
    truth = {campaign.instrument.instrument_id: describe_truth(campaign.truth) for campaign in demo.campaigns}
    return json.dumps({"seed": demo.seed, "campaigns": truth}, indent=1, ensure_ascii=False) + "\n"


def _campaign(roster: Roster, instrument: Instrument, seed: int) -> Campaign:
    match instrument.instrument_id:
        case "great-pm":
            return make_campaign(roster, instrument, _quarters(), seed, company.PLANTED)
        case "core-competencies":
            return make_campaign(roster, instrument, tuple(Cycle(period=one) for one in company.HALVES), seed)
        case "three-lenses":
            last_two = tuple(Cycle(period=one) for one in company.QUARTERS[-2:])
            return make_campaign(roster, instrument, last_two, seed)
        case _:
            now = (Cycle(period=company.QUARTERS[-1]),)
            return make_campaign(roster, instrument, now, seed, Planted(scores=_stages_today(roster)))


def _stages_today(roster: Roster) -> dict[tuple[str, str], float]:
    # Who works in an enterprise says so: the one answer of stage-fit that is no matter of taste.
    lowest, step = 1, 2
    return {
        (person.person_id, "stage_today"): lowest + step * STAGES.index(person.stage)
        for person in roster.people
        if person.is_pm
    }


def _quarters() -> tuple[Cycle, ...]:
    return tuple(
        Cycle(period=one, response_share=company.RESPONSE_SHARES[one], quiet=company.QUIET[one])
        for one in company.QUARTERS
    )


def _files(roster: Roster, campaigns: Mapping[str, Campaign], seed: int) -> tuple[ExportFile, ...]:
    people = {person.person_id: person for person in roster.people}
    planned = plan_files(campaigns["great-pm"].instrument, people)
    return tuple(_export(one, campaigns[one.instrument_id], people, seed) for one in planned)


def _export(planned: PlannedFile, campaign: Campaign, people: Mapping[str, Person], seed: int) -> ExportFile:
    responses = tuple(
        response
        for response in campaign.responses[planned.period]
        if planned.is_about(people[response.subject_id].org_unit if response.subject_id in people else "")
    )
    rng = make_rng(seed, planned.recipe.file_name)
    return export_wave(planned.recipe, campaign.instrument, planned.period, responses, people, rng)
