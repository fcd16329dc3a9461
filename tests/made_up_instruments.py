"""The instruments of the made-up release: shaped like the real ones, with texts that say what they are."""

from decimal import Decimal

from survey.definition_document import sealed
from survey.instrument import Instrument, Item, Prompt, ResponseScale, ScaleKind, SubjectKind, Trait


def scale(scale_id: str = "frequency", *, kind: ScaleKind = ScaleKind.POINTS) -> ResponseScale:
    low, high = (Decimal(0), Decimal(1)) if kind is ScaleKind.EVENT else (Decimal(1), Decimal(5))
    labels = ("no", "yes") if kind is ScaleKind.EVENT else ("never", "seldom", "half", "mostly", "always")
    return ResponseScale(
        scale_id=scale_id,
        kind=kind,
        low=low,
        high=high,
        step=Decimal(1),
        labels={"en": labels},
        not_observed={"en": ("not enough exposure",)},
    )


def trait(trait_id: str, title: str, area_id: str = "") -> Trait:
    return Trait(
        trait_id=trait_id,
        title={"en": title},
        scale_id="frequency",
        area_id=area_id,
        provenance=f"Where {trait_id} comes from.",
        grow=(
            {"en": f"Try one small thing about {trait_id} this week."},
            {"en": f"Try another about {trait_id}."},
        ),
        anchors={point: {"en": f"{title}, {point}."} for point in ("low", "middle", "high")},
    )


def item(trait_id: str, number: int, *, is_event: bool = False) -> Item:
    return Item(
        item_id=f"{trait_id}_{number}",
        trait_id=trait_id,
        scale_id="happened" if is_event else "frequency",
        is_reverse=number == 3,
        is_event=is_event,
        text={"en": f"Gives specific reasons why a proposal is good enough, number {number} of {trait_id}."},
        text_self={"en": f"I do number {number} of {trait_id}."},
    )


def instrument(instrument_id: str, title: str, traits: tuple[Trait, ...], **changes: object) -> Instrument:
    fields: dict[str, object] = {
        "instrument_id": instrument_id,
        "version": "1.0",
        "title": {"en": title},
        "languages": ("en",),
        "subject_kind": SubjectKind.PM,
        "respondents": ("self", "manager", "others"),
        "scales": (scale(), scale("happened", kind=ScaleKind.EVENT)),
        "areas": {},
        "traits": traits,
        "front": (),
        "items": tuple(item(one.trait_id, number) for one in traits for number in (1, 2, 3)),
        "prompts": (),
        "short_form": (),
        "content_hash": "",
    }
    return sealed(Instrument(**{**fields, **changes}))


GREAT_PM_TRAITS = (
    trait("taste", "Taste"),
    trait("honesty", "Intellectual honesty"),
    trait("communication", "Precise communication"),
    trait("follow_through", "Follow-through"),
    trait("clarity", "Clarity from chaos"),
    trait("focus", "Focus"),
)
GREAT_PM = instrument(
    "great-pm",
    "What makes a great PM",
    GREAT_PM_TRAITS,
    front=("taste", "honesty", "clarity", "focus"),
    items=(
        *(item(one.trait_id, number) for one in GREAT_PM_TRAITS for number in (1, 2, 3)),
        item("honesty", 4, is_event=True),
    ),
    prompts=(
        Prompt(
            prompt_id="helped_most", text={"en": "What helped most?"}, text_self={"en": "What went well?"}
        ),
    ),
)
CORE = instrument(
    "core-competencies",
    "Core competencies",
    tuple(
        trait(f"{area}_{number}", f"{name} {number}", area)
        for area, name in (
            ("strategy", "Strategic skill"),
            ("execution", "Delivery skill"),
            ("influence", "Influence skill"),
        )
        for number in (1, 2, 3, 4)
    ),
    areas={
        "strategy": {"en": "Strategic thinking"},
        "execution": {"en": "Execution excellence"},
        "influence": {"en": "Influence and communication"},
    },
)
THREE_LENSES = instrument(
    "three-lenses",
    "Three lenses",
    (
        trait("user_value", "User value"),
        trait("business_value", "Business value"),
        trait("feasibility", "Feasibility"),
    ),
    subject_kind=SubjectKind.UNIT,
    respondents=("others",),
)
STAGE_FIT = instrument(
    "stage-fit",
    "Stage fit",
    (
        *(
            trait(f"{kind}_{stage}", f"{kind} {stage}", kind)
            for kind in ("good", "enjoy")
            for stage in ("early", "growth", "enterprise")
        ),
        trait("stage_today", "Stage today", "today"),
    ),
    areas={"good": {"en": "Good at"}, "enjoy": {"en": "Enjoy"}, "today": {"en": "Today"}},
    respondents=("self",),
    prompts=(Prompt(prompt_id="helped_most", text={}, text_self={"en": "What would you like more of?"}),),
)
