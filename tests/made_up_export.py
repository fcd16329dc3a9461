"""An export about the small team of `asked_world`, as a form tool gives it."""

from pathlib import Path

from survey.config import Settings
from survey.definition import find_instrument
from tests.asked_world import PMS

SUBJECT = "About whom"
_QUESTIONS = 8


def made_up_export() -> str:
    """Questions in words; one row about nobody of the roster, one with ratings off their scale."""
    great_pm = find_instrument(Settings(home=Path("nowhere")), "great-pm")
    texts = [one.text["en"] for one in great_pm.items if not one.is_event][:_QUESTIONS]
    header = [SUBJECT, "How do you work together", "Your name", *(f'"{text}"' for text in texts), "Shoe size"]
    lines = [header, *_rows()]
    lines.append(["stranger", "engineering", "e3", *["4"] * _QUESTIONS, "41"])
    lines.append([PMS[0], "peer", "e20", *["9"] * _QUESTIONS, "41"])
    return "".join(",".join(line) + "\n" for line in lines)


def _rows() -> list[list[str]]:
    """Eight engineers about each PM, nobody about two."""
    return [
        [
            pm,
            "engineering",
            f"e{8 * place + number}",
            *(str(1 + (number + each) % 5) for each in range(_QUESTIONS)),
            "43",
        ]
        for place, pm in enumerate(PMS)
        for number in range(8)
    ]
