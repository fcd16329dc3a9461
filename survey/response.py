"""What one rater says about one subject: ratings, "not observed", and comments; as JSON and back.

The JSON goes in the instrument's order, never in the order the rater saw, and holds no time, no
language and no name but one a rater put under a comment on purpose.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeAlias

from survey.instrument import Instrument

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """An answer to a prompt in words; `signed_by` is the rater's person id if they signed it, else ""."""

    text: str
    signed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One rater's answers about one subject.

    `ratings` are values in scale points by item. `not_observed` says, by item, which of the
    scale's options that are no rating was chosen, from 0. What is in neither was skipped.
    """

    ratings: Mapping[str, Decimal] = field(default_factory=dict)
    not_observed: Mapping[str, int] = field(default_factory=dict)
    comments: Mapping[str, Comment] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """True if nothing was answered."""
        return not (self.ratings or self.not_observed or self.comments)

    @property
    def answer_count(self) -> int:
        """How many items and prompts were answered."""
        return len(self.ratings) + len(self.not_observed) + len(self.comments)


def render_response(response: Response, instrument: Instrument) -> str:
    """Returns the response as JSON, in the instrument's order."""
    items = [item.item_id for item in instrument.items]
    prompts = [prompt.prompt_id for prompt in instrument.prompts]
    content = {
        "ratings": {key: f"{response.ratings[key]:f}" for key in items if key in response.ratings},
        "not_observed": {key: response.not_observed[key] for key in items if key in response.not_observed},
        "comments": {
            key: _comment_content(response.comments[key]) for key in prompts if key in response.comments
        },
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def parse_response(text: str) -> Response:
    """Returns the response that `render_response` wrote."""
    content: Json = json.loads(text)
    return Response(
        ratings={key: Decimal(value) for key, value in content["ratings"].items()},
        not_observed=dict(content["not_observed"]),
        comments={
            key: Comment(text=value["text"], signed_by=value.get("signed_by", ""))
            for key, value in content["comments"].items()
        },
    )


def split_signed(response: Response) -> tuple[Response, Mapping[str, Comment]]:
    """Returns the response without its signed comments, and these.

    Whoever signs a comment signs that alone: closing keeps it apart, so that the name under it does
    not stand beside the ratings.
    """
    signed = {key: comment for key, comment in response.comments.items() if comment.signed_by}
    return replace(response, comments=_without(response.comments, signed)), signed


def _without(comments: Mapping[str, Comment], keys: Iterable[str]) -> Mapping[str, Comment]:
    left_out = set(keys)
    return {key: comment for key, comment in comments.items() if key not in left_out}


def _comment_content(comment: Comment) -> Json:
    return {"text": comment.text} | ({"signed_by": comment.signed_by} if comment.signed_by else {})
