"""The demo's organisation: teams, what happens to them over five quarters, and what is planted."""

from datetime import date

from survey.synthesis.organisation import Change, ChangeKind, Company, Team
from survey.synthesis.truth import Planted, Shift

QUARTERS = ("2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3")
HALVES = ("2025H2", "2026H1")

TEAMS = tuple(
    Team(unit=f"Product/{name}", pm_type=pm_type, stage=stage, pm_count=pm_count)
    for name, pm_type, stage, pm_count in (
        ("Growth/Activation", "growth", "early", 4),
        ("Growth/Retention", "growth", "growth", 3),
        ("Growth/Pricing", "growth", "enterprise", 3),
        ("Platform/Identity", "platform", "enterprise", 4),
        ("Platform/Payments", "platform", "growth", 4),
        ("Platform/Data", "platform", "early", 4),
        ("Intelligence/Assistant", "ai_ml", "early", 4),
        ("Intelligence/Search", "ai_ml", "growth", 3),
        ("Business/Workspaces", "b2b", "enterprise", 4),
        ("Business/Reporting", "b2b", "growth", 2),
        ("Consumer/Mobile", "b2c", "growth", 3),
        ("Consumer/Discovery", "b2c", "early", 2),
    )
)

CHANGES = tuple(
    Change(
        day=date.fromisoformat(day), kind=kind, unit=f"Product/{unit}",
        to_unit=f"Product/{to_unit}" if to_unit else "",
    )
    for day, kind, unit, to_unit in (
        ("2025-10-01", ChangeKind.JOIN, "Growth/Activation", ""),
        ("2025-10-01", ChangeKind.LEAVE, "Platform/Identity", ""),
        ("2026-01-01", ChangeKind.JOIN, "Intelligence/Search", ""),
        ("2026-01-01", ChangeKind.LEAVE, "Business/Workspaces", ""),
        ("2026-01-01", ChangeKind.MOVE, "Platform/Data", "Intelligence/Assistant"),
        ("2026-01-01", ChangeKind.PROMOTE, "Consumer/Mobile", ""),
        ("2026-04-01", ChangeKind.JOIN, "Consumer/Discovery", ""),
        ("2026-04-01", ChangeKind.LEAVE, "Intelligence/Assistant", ""),
        ("2026-04-01", ChangeKind.REORGANISE, "Growth/Pricing", "Business/Pricing"),
        ("2026-07-01", ChangeKind.JOIN, "Business/Reporting", ""),
        ("2026-07-01", ChangeKind.LEAVE, "Growth/Activation", ""),
        ("2026-07-01", ChangeKind.MOVE, "Intelligence/Search", "Consumer/Mobile"),
    )
)  # fmt: skip

COMPANY = Company(founded_on=date(2024, 4, 1), teams=TEAMS, changes=CHANGES, has_twin=True)

SHIFTED_TEAM = ("p015", "p016", "p017", "p018")
"""The PMs of Product/Platform/Payments: the whole team becomes clearer in 2026Q2."""

SHIFTS = tuple(
    Shift(subject_id=subject_id, trait_id=trait_id, period=period, points=points)
    for subject_id, trait_id, period, points in (
        ("p005", "focus", "2026Q1", 1.4),
        ("p011", "honesty", "2026Q2", -1.4),
        ("p023", "taste", "2026Q3", 1.4),
        ("p030", "clarity", "2026Q3", -1.4),
        ("p036", "follow_through", "2026Q1", 1.4),
        *((pm, "clarity", "2026Q2", 1.4) for pm in SHIFTED_TEAM),
    )
)
"""Each is at least 1.2 points of what raters tick, after rounding and the ends of the scale."""

MOVED_TEAM = ("p008", "p009", "p010")
"""The PMs of Product/Growth/Pricing, which goes to Product/Business in 2026Q2."""

PLANTED = Planted(shifts=SHIFTS, scores={(pm, "taste"): 4.8 for pm in MOVED_TEAM})
"""With the best taste of all leaving, Growth falls behind itself though nobody in it changes: mix, not change."""

QUIET = {
    "2025Q3": ("p034",),
    "2025Q4": ("p034", "p009"),
    "2026Q1": ("p034", "p022"),
    "2026Q2": ("p039", "p028"),
    "2026Q3": ("p006",),
}
"""PMs about whom fewer others answer than the default minimum."""

RESPONSE_SHARES = {"2025Q3": 0.84, "2025Q4": 0.78, "2026Q1": 0.88, "2026Q2": 0.76, "2026Q3": 0.82}
