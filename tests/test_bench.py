"""The bench measures what it says: the same file every time, nothing lost, a page with both sides."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.dashboard_page import render_dashboard
from bench.form_load import measure_form
from bench.form_page import render_form
from bench.measure import Cost
from bench.page import Measured, render_page, render_ratio
from bench.publish_page import FEW_PMS, MANY_PMS, render_growth, render_point, render_publish
from bench.sections import with_rest, with_section
from bench.worker_load import Asked
from bench.worker_page import render_limit, render_worker
from bench.world import PERIODS, RELATIONSHIPS, write_world
from survey.config import Settings
from survey.register import open_register

ROOT = Path(__file__).parent.parent
ANSWERS_PER_PM = 24 * len(RELATIONSHIPS)


def a_cost(cpu: float, said: dict[str, float] | None = None) -> Cost:
    return Cost(cpu=cpu, wall=cpu / 2, memory=int(cpu * 1e9), said=said or {})


def some_measured(pipeline_cpu: float, validation_wall: float) -> Measured:
    return Measured(
        answer_count=1_000_000,
        file_size=60_000_000,
        raw=[a_cost(1), a_cost(2), a_cost(1)],
        pipeline=[a_cost(pipeline_cpu * one, {"ingest": 0.75, "publish": 0.25}) for one in (1, 2, 1)],
        validation=[a_cost(1, {"cpu": 0.5, "wall": validation_wall, "import": 5.0})],
    )


def test_world_when_made_twice_then_is_the_same_and_every_pm_is_rated_by_all(tmp_path):
    for name in ("first", "second"):
        write_world(tmp_path / name, 10 * ANSWERS_PER_PM)
    first, second = ((tmp_path / name / "answers.csv").read_bytes() for name in ("first", "second"))
    rows = [line.split(",") for line in first.decode().splitlines()[1:]]
    assert first == second
    assert len(rows) == 10 * ANSWERS_PER_PM
    assert {row[2] for row in rows} == set(RELATIONSHIPS)
    assert len({(row[1], row[3]) for row in rows if row[1] != "nobody"}) == 10 * len(RELATIONSHIPS)


def test_world_when_made_then_the_register_holds_its_people(tmp_path):
    write_world(tmp_path, 3 * ANSWERS_PER_PM)
    with open_register(Settings(home=tmp_path / "home").register_path) as register:
        people = register.roster().people
    assert [person.person_id for person in people if person.is_pm] == ["p000000", "p000001", "p000002"]


def test_page_when_limits_are_kept_then_says_so():
    page = render_page([some_measured(2, 0.5)], [a_cost(0.2)])
    assert "| ratio | **2.00** | 2.00 | |" in page
    assert "missed" not in page


@pytest.mark.parametrize(("pipeline", "validation", "start"), [(3.1, 0.5, 0.2), (2, 1.5, 0.2), (2, 0.5, 0.8)])
def test_page_when_a_limit_is_missed_then_says_so(pipeline, validation, start):
    assert "missed" in render_page([some_measured(pipeline, validation)], [a_cost(start)])


def test_ratio_when_rendered_then_is_the_median_over_the_pairs():
    assert render_ratio(some_measured(2, 0.5)).startswith("1,000,000 answers: 2.00 x the CPU")


@pytest.mark.slow
def test_bench_when_run_on_a_small_file_then_writes_its_page(tmp_path):
    page = tmp_path / "page.md"
    size = str(10 * ANSWERS_PER_PM)
    command = [sys.executable, "-m", "bench", "--only", "pipeline", "--size", size, "--pairs", "1"]
    subprocess.run(
        [*command, "--folder", str(tmp_path), "--out", str(page)], cwd=ROOT, check=True, capture_output=True
    )
    text = page.read_text(encoding="utf-8")
    assert "| raw |" in text
    assert "| pipeline |" in text
    assert "`pmhealth --help`" in text


def some_said(cpu: float) -> dict[str, dict[str, float]]:
    crowd = {
        "visits": 1000,
        "failed": 0,
        "cpu_per_1000": cpu,
        "p50_ms": 50,
        "p99_ms": 200,
        "visits_per_second": 500,
        "memory": 7e7,
    }
    return {"page": {"html_bytes": 25_000, "sent_bytes": 11_000, "requests": 4}, "1": crowd, "200": crowd}


def test_form_section_when_written_then_it_holds_the_limits_and_stands_behind_the_rest():
    kept, missed = render_form(some_said(1.2)), render_form(some_said(1.6))
    page = with_section("# Benchmarks\n\nThe pipeline.\n", "Form", missed)

    assert "missed" not in kept
    assert missed.count("missed") == 1
    assert with_section(page, "Form", kept).count("## Form") == 1
    assert with_rest(page, "# Anew\n") == f"# Anew\n\n{missed}\n"
    assert with_rest("", "# Anew\n") == "# Anew\n"


@pytest.mark.slow
def test_form_load_when_a_few_come_then_all_are_served_and_the_page_is_light(tmp_path):
    said = measure_form(tmp_path / "home", {1: 5, 200: 40})

    assert [said[crowd]["failed"] for crowd in ("1", "200")] == [0, 0]
    assert said["page"]["html_bytes"] <= 30_000
    assert said["page"]["sent_bytes"] <= 15_000
    assert said["page"]["requests"] <= 4


def some_published(cpu: float, memory: int = 5_000_000_000) -> Cost:
    return Cost(cpu=cpu, wall=cpu, memory=memory, said={"cpu": cpu, **dict.fromkeys(PERIODS, cpu / 4)})


def test_publish_section_when_written_then_it_holds_the_limits():
    kept = {FEW_PMS: some_published(4), 1000: some_published(6), MANY_PMS: some_published(100)}
    missed = {FEW_PMS: some_published(9), 1000: some_published(0.1), MANY_PMS: some_published(200, 7 * 10**9)}

    assert "missed" not in render_publish(kept)
    assert render_publish(missed).count("missed") == 4
    assert "1,000 to 100,000 PMs: 16.7 x the CPU seconds, n log n gives 166.7" in render_growth(kept)
    assert render_growth({FEW_PMS: some_published(4)}) == "one size, so no growth"
    assert render_point(1000, kept[1000]).startswith("publish, 1,000 PMs x 4 waves: 6.0 s")


def test_sections_when_one_is_written_anew_then_the_others_stay_in_their_order():
    page = with_section("# Benchmarks\n\n## 1 million answers\n\nx\n", "Publish", "## Publish\n\nold")
    page = with_section(page, "Form", "## Form\n\nform")
    page = with_section(page, "Publish", "## Publish\n\nnew")

    assert page == "# Benchmarks\n\n## 1 million answers\n\nx\n\n## Form\n\nform\n\n## Publish\n\nnew\n"
    assert with_rest(page, "# Anew\n") == "# Anew\n\n## Form\n\nform\n\n## Publish\n\nnew\n"


@pytest.mark.slow
def test_publish_when_a_few_pms_have_four_waves_then_is_measured(tmp_path):
    page = tmp_path / "page.md"
    command = [sys.executable, "-m", "bench", "--only", "publish", "--pms", "10", "--folder", str(tmp_path)]
    subprocess.run(
        [*command, "--folder", str(tmp_path), "--out", str(page)], cwd=ROOT, check=True, capture_output=True
    )
    assert "| 10 |" in page.read_text(encoding="utf-8")


def test_worker_page_when_the_limit_is_kept_or_missed_then_says_so():
    asked = {"2026Q1": Asked(wall=1.2, cpu=0.9), "2026Q2": Asked(wall=1.9, cpu=1.1)}
    page = render_worker(asked, FEW_PMS)
    assert "| 2026Q2 | 1.90 | 1.10 |" in page
    assert "Slowest: 1.90 s; limit 2 s (kept)" in page
    assert "missed" in render_limit({"2026Q1": Asked(wall=2.1, cpu=0.9)})


@pytest.mark.parametrize(
    ("alone_p50", "said"), [(34, "a choice 35 ms (kept)"), (36, "a choice 35 ms (missed)")]
)
def test_dashboard_section_when_a_choice_takes_long_then_says_so(alone_p50, said):
    others = {"alone_p95": 50, "crowd_p50": 60, "crowd_p95": 900, "cold": 1.5, "warm": 1.0, "memory": 4e8}
    assert said in render_dashboard({"alone_p50": alone_p50, **others})
