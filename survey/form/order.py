"""The order in which a rater meets the items: random, but the same whenever they come back.

There are as many orders as `ORDER_COUNT`, so that pages can be kept ready; which one a rater gets
follows from the secret of the link. Two items of a trait never stand side by side where there is a
way round it, and no reverse item comes first.
"""

import hashlib
import random
from collections import defaultdict

from survey.instrument import Instrument, Item

ORDER_COUNT = 32


def order_no(secret: str) -> int:
    """Returns which of the orders the holder of a secret meets."""
    return hashlib.sha256(b"order" + secret.encode("utf-8", "surrogatepass")).digest()[0] % ORDER_COUNT


def item_order(instrument: Instrument, number: int) -> tuple[Item, ...]:
    """Returns the instrument's items in one of the orders."""
    chance = random.Random(f"{instrument.content_hash} {number}")  # noqa: S311 - not for secrecy
    waiting: dict[str, list[Item]] = defaultdict(list)
    for item in instrument.items:
        waiting[item.trait_id].append(item)
    for items in waiting.values():
        chance.shuffle(items)
    _first_upright(waiting)
    ordered: list[Item] = []
    while waiting:
        trait_id = _next_trait(waiting, ordered[-1].trait_id if ordered else "", chance)
        ordered.append(waiting[trait_id].pop(0))
        if not waiting[trait_id]:
            del waiting[trait_id]
    return tuple(ordered)


def _first_upright(waiting: dict[str, list[Item]]) -> None:
    """Within each trait a reverse item is never first, so it is not on the page either."""
    for items in waiting.values():
        upright = next((item for item in items if not item.is_reverse), items[0])
        items.remove(upright)
        items.insert(0, upright)


def _next_trait(waiting: dict[str, list[Item]], last: str, chance: random.Random) -> str:
    """The trait with the most items left goes first as soon as the others could no longer part its own."""
    left = sum(map(len, waiting.values()))
    for trait_id, items in waiting.items():
        if trait_id != last and 2 * len(items) > left:
            return trait_id
    free = [trait_id for trait_id in waiting if trait_id != last] or list(waiting)
    return chance.choices(free, [len(waiting[trait_id]) for trait_id in free])[0]
