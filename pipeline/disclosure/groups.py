"""What is tied together, directly or through others (union-find)."""

from collections.abc import Hashable


class Groups:
    """Things by the group they belong to; a thing nobody joined is a group by itself."""

    def __init__(self) -> None:
        self._parents: dict[Hashable, Hashable] = {}

    def join(self, one: Hashable, other: Hashable) -> None:
        """Ties two things, and with them everything that was tied to either."""
        first, second = self.leader(one), self.leader(other)
        if first != second:
            self._parents[second] = first

    def are_tied(self, one: Hashable, other: Hashable) -> bool:
        """True if both belong to the same group."""
        return self.leader(one) == self.leader(other)

    def leader(self, thing: Hashable) -> Hashable:
        """Returns the one member that stands for the thing's group."""
        while thing in self._parents:
            above = self._parents[thing]
            self._parents[thing] = self._parents.get(above, above)  # shortens the way for the next
            thing = above
        return thing
