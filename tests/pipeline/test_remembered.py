"""A release remembers what it answered, for as long as the day lasts, and never for another release."""

from datetime import date

from pipeline.remembered import Answered, remembered


class Shelf:
    def __init__(self, days):
        self.asked = []
        self.answered = Answered(lambda: days[0])

    @remembered
    def titles(self, letter, *, most=3):
        self.asked.append((letter, most))
        return tuple(f"{letter}{place}" for place in range(most))


def test_answer_when_asked_again_on_the_same_day_then_is_the_very_same():
    shelf = Shelf([date(2026, 7, 1)])
    assert shelf.titles("a") is shelf.titles("a")
    assert shelf.titles("a", most=2) == ("a0", "a1")
    assert shelf.asked == [("a", 3), ("a", 2)]


def test_answer_when_another_day_or_another_release_is_asked_then_is_asked_anew():
    days = [date(2026, 7, 1)]
    first, second = Shelf(days), Shelf(days)
    first.titles("a")
    second.titles("a")
    days[0] = date(2026, 7, 2)
    first.titles("a")
    assert (first.asked, second.asked) == ([("a", 3)] * 2, [("a", 3)])
