"""The mapping that a person would keep beside an export whose header does not say enough.

Google Forms and SurveyMonkey export our own texts and labels, so their mapping is proposed from
the header. Qualtrics exports codes: which one says 'not enough exposure' only its owner knows.
"""

from decimal import Decimal
from typing import Any

import yaml

from survey.instrument import Instrument, ResponseScale, ScaleKind
from survey.synthesis.exports import qualtrics_code
from survey.synthesis.wording import code_text, number_text


def write_mapping(tool_name: str, instrument: Instrument) -> str:
    """Returns the mapping for a tool's export of an instrument as YAML; "" where none is needed."""
    if tool_name != "qualtrics":
        return ""
    return str(yaml.safe_dump(_qualtrics(instrument), sort_keys=False, allow_unicode=True, width=110))


def _qualtrics(instrument: Instrument) -> dict[str, Any]:
    return {
        "tool": "qualtrics",
        "subject": {"column": "subject_id"},
        "relationship": {"column": "relationship"},
        "rater": {"column": "RecipientEmail"},
        "skip": {"column": "DistributionChannel", "labels": ["preview"]},
        "items": {
            item.item_id: {
                "column": qualtrics_code(instrument, item.item_id),
                "recode": _recode(instrument.scale(item.scale_id)),
            }
            for item in instrument.items
        },
        "prompts": {
            prompt.prompt_id: qualtrics_code(instrument, prompt.prompt_id) for prompt in instrument.prompts
        },
    }


def _recode(scale: ResponseScale) -> dict[str, str]:
    # Only where the code is not the point itself: an unknown code then stays visible as it came.
    values: list[Decimal | None] = [None] if scale.kind is ScaleKind.RANGE else [*scale.points, None]
    pairs = {code_text(scale, value): number_text(scale, value) for value in values}
    return {code: number for code, number in pairs.items() if code != number}
