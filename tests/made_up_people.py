"""The people of the made-up release's organisation, and who of them has which role."""

from datetime import date

from dashboard.access_policy import AccessPolicy
from survey.config import DEMO_MARKER, Settings
from survey.register import open_register
from survey.roster import Person, make_roster


def person(person_id: str, name: str, unit: str, manager: str = "", role: str = "engineering") -> Person:
    is_pm = role == "pm"
    return Person(
        person_id=person_id, name=name, email=f"{person_id}@example.org", manager_id=manager, org_unit=unit,
        role=role, level="senior" if is_pm else "", pm_type="growth" if is_pm else "",
        stage="growth" if is_pm else "", active_from=date(2025, 1, 1), active_to=None,
    )  # fmt: skip


PEOPLE = (
    person("p-exec", "Eve Exec", "Product", role="executive"),
    person("p-hr", "Hal Human", "Product", "p-exec", role="hr"),
    person("p-council", "Cleo Council", "Product", "p-exec"),
    person("p-lead", "Lea Lead", "Product/Growth", "p-exec", role="lead"),
    person("p-plat", "Pat Platform", "Product/Platform", "p-exec", role="lead"),
    person("p-eng", "Eng Engineer", "Product/Growth", "p-lead"),
    person("p-ada", "Ada Example", "Product/Growth/Activation", "p-lead", role="pm"),
    person(
        "p-noa", "Noa ![x](http://example.invalid/x.png)", "Product/Growth/Activation", "p-lead", role="pm"
    ),
    person("p-bo", "Bo Example", "Product/Growth/Activation", "p-lead", role="pm"),
    person("p-sam", "Sam Example", "Product/Platform", "p-plat", role="pm"),
    person("p-kim", "Kim Example", "Product/Platform", "p-plat", role="pm"),
)
POLICY_TEXT = 'hr = ["p-hr"]\nexecutive = ["p-exec"]\ncouncil = ["p-council"]\n'
POLICY = AccessPolicy(
    hr=frozenset({"p-hr"}), executive=frozenset({"p-exec"}), council=frozenset({"p-council"})
)


def write_people(settings: Settings, *, is_made_up: bool) -> None:
    """Writes the register and the file of roles; a made-up home gets the demo's mark."""
    settings.home.mkdir(parents=True, exist_ok=True)
    settings.access_path.write_text(POLICY_TEXT, encoding="utf-8")
    with open_register(settings.register_address) as opened:
        opened.replace_roster(make_roster(PEOPLE))
    if is_made_up:
        (settings.home / DEMO_MARKER).write_text("{}", encoding="utf-8")
