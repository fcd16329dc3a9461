"""The pages a rater meets, from values to HTML: form, look-over, thanks, withdrawal and list.

What thousands share is rendered and compressed once; links on those pages are relative, so that no
secret is in them.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from survey.form.letter import Letter, asked_about, length_in_words, minutes_for, question_counts
from survey.form.packed import Packed, pack, wrap
from survey.form.page import language_choice, render
from survey.form.part import Part, part_of
from survey.form.waves import OpenWave
from survey.language import Wording
from survey.participation import ParticipationState
from survey.register_participation import Task
from survey.relationship import Relationship
from survey.reporting_group import OTHERS
from survey.response import Response

_MOST_PIECES = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One task in front of its rater: all that its pages are made from.

    `query` keeps a chosen language in the address; `list_count` is how many tasks the rater has.
    """

    wave: OpenWave
    task: Task
    words: Wording
    number: int
    list_count: int
    is_try: bool
    query: str
    path: str = field(repr=False)

    @property
    def part(self) -> Part:
        return part_of(self.wave.questionnaire.instrument, self.task.reporting_group)

    @property
    def name(self) -> str:
        """The subject's name: a person's from the frozen roster, a unit's path with room to breathe."""
        subject = self.task.subject_id
        return self.wave.names.get(subject) or subject.replace("/", " / ")

    @property
    def title(self) -> str:
        kind = {Part.SELF: "self", Part.ALONE: "self", Part.UNIT: "unit"}.get(self.part, "others")
        return self.words.say(f"title_{kind}", name=self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a form says on top. `is_sent`: the answers count already and can be withdrawn."""

    text: str
    more: str = ""
    is_sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One question and its answer on the look-over page."""

    text: str
    answer: str
    anchor: str
    is_signed: bool = False


class Pieces:
    """Rendered pieces by what they depend on; the longest unused go first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Packed] = OrderedDict()

    def get(self, key: Hashable, sheet: Sheet, make: Callable[[], bytes]) -> Packed:
        """Returns a piece, made on first sight. One that holds this rater's own link is a bug, and never kept."""
        piece = self._kept.get(key)
        if piece is None:
            plain = make()
            if sheet.path.encode() in plain:
                raise ValueError("a piece that others will see holds a personal link")
            piece = self._kept[key] = pack(plain)
            if len(self._kept) > _MOST_PIECES:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return piece


def form_page(
    sheet: Sheet, pieces: Pieces, seal: str, response: Response | None, notice: Notice | None
) -> tuple[Packed, ...]:
    """Returns the letter and the questions, with what was answered before."""
    if notice is None:
        head = pieces.get(_key("form", sheet), sheet, lambda: _form_head(sheet, None))
    else:
        head = pack(_form_head(sheet, notice), level=1)
    questions = sheet.wave.questionnaire
    if response is None:
        body = questions.piece(sheet.words, sheet.part, sheet.number)
    else:
        body = questions.filled_piece(sheet.words, sheet.part, sheet.number, response)
    return head, wrap(f'{seal}">\n'.encode()), body


def thanks_page(sheet: Sheet, pieces: Pieces, left: int) -> tuple[Packed, ...]:
    """Returns the receipt: what happens next, and until when one can change it."""
    return (pieces.get((*_key("thanks", sheet), left), sheet, lambda: _thanks(sheet, left)),)


def review_page(
    sheet: Sheet, seal: str, response: Response, fields: tuple[tuple[str, str], ...]
) -> tuple[Packed, ...]:
    """Returns everything that was answered, and what is open."""
    answers, comments = _answers(sheet, response), _comments(sheet, response)
    missing = sum(not line.answer for line in answers)
    html = _render(
        "review.html",
        sheet,
        title=sheet.words.say("review_title"),
        summary=_summary(sheet.words, response, missing, len(answers)),
        seal=seal,
        fields=fields,
        answers=answers,
        comments=comments,
        missing=missing,
        is_empty=response.is_empty,
        until=sheet.words.say(
            "review_until_named" if sheet.part.is_named else "review_until", day=_closes(sheet)
        ),
    )
    return (pack(html, level=1),)


def withdraw_page(sheet: Sheet, seal: str) -> tuple[Packed, ...]:
    """Returns the question whether one really wants to withdraw."""
    return (
        pack(_render("withdraw.html", sheet, title=sheet.words.say("withdraw_title"), seal=seal), level=1),
    )


def elsewhere_page(sheet: Sheet) -> tuple[Packed, ...]:
    """Returns what a second link says about answers that the first one sent."""
    html = _render(
        "plain.html",
        sheet,
        title=sheet.words.say("elsewhere_title"),
        lines=[sheet.words.say("elsewhere_text", name=sheet.name)],
        list_path="./" if sheet.list_count > 1 else "",
    )
    return (pack(html, level=1),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the list."""

    path: str = field(repr=False)
    name: str
    role: str
    state: str


def list_page(
    sheets: tuple[Sheet, ...], has_draft: Callable[[Sheet], bool], notice: str
) -> tuple[Packed, ...]:
    """Returns the list of everybody a rater is asked about, with how far they are."""
    first = sheets[0]
    words = first.words
    entries = [_entry(sheet, has_draft) for sheet in sheets]
    items, prompts = question_counts(first.wave.questionnaire, words, Part.OTHERS)
    is_mixed = any(sheet.part.is_self for sheet in sheets)
    html = render(
        "list.html",
        words,
        title=words.say("list_title_mixed", count=len(sheets))
        if is_mixed
        else words.count("list_title", len(sheets)),
        ask=words.say("list_ask", asked_by=_asked_by(first)),
        entries=entries,
        done=sum(entry.state in {"done", "elsewhere"} for entry in entries),
        minutes=minutes_for(items, prompts),
        closes_on=first.wave.collection.closes_on,
        notice=words.say("try_intro") if first.is_try else notice,
        about="",
        skip="",
        is_try=first.is_try,
        choices=language_choice(words.language),
    )
    return (pack(html, level=1),)


def _entry(sheet: Sheet, has_draft: Callable[[Sheet], bool]) -> Entry:
    words, task = sheet.words, sheet.task
    roles = {Part.MANAGER: "list_as_manager", Part.SELF: "list_self", Part.ALONE: "list_self"}
    if not task.is_mine:
        state = "elsewhere"
    elif task.state is ParticipationState.DONE:
        state = "done"
    else:
        state = "draft" if has_draft(sheet) else "open"
    role = words.say(roles[sheet.part]) if sheet.part in roles else ""
    return Entry(path=f"{sheet.path}{sheet.query}", name=sheet.name, role=role, state=state)


def _key(kind: str, sheet: Sheet) -> tuple[Hashable, ...]:
    """What a shared piece depends on; the order, the secret and the rater are not in it."""
    task = sheet.task
    listed = sheet.list_count > 1
    place = (
        sheet.wave.wave_id,
        task.subject_id,
        task.reporting_group,
        task.place if kind == "thanks" else 0,
    )
    return kind, sheet.words.language, sheet.query, listed, sheet.is_try, *place


def _form_head(sheet: Sheet, notice: Notice | None) -> bytes:
    words, letter = sheet.words, _letter(sheet)
    return _render(
        "form.html",
        sheet,
        title=sheet.title,
        skip="questions",
        notice=notice.text if notice else "",
        notice_more=notice.more if notice else "",
        is_sent=bool(notice and notice.is_sent),
        path=sheet.path if notice else "",  # without a notice the head is shared with other raters
        list_path=f"./{sheet.query}" if sheet.list_count > 1 else "",
        letter=letter,
        ask=words.say(_ask_key(letter.part), asked_by=letter.asked_by, name=letter.name),
        length=length_in_words(letter, words),
        promises=_promises(letter, words),
        operator=_operator(letter, words),
    )


def _thanks(sheet: Sheet, left: int) -> bytes:
    words = sheet.words
    kind = {Part.SELF: "_self", Part.ALONE: "_alone", Part.UNIT: "_unit"}.get(sheet.part, "")
    stored = (
        words.say("thanks_stored_self") if sheet.part.is_self else words.say("thanks_stored", name=sheet.name)
    )
    return _render(
        "thanks.html",
        sheet,
        title=words.say("thanks_title"),
        stored=words.say("thanks_tried") if sheet.is_try else stored,
        left=left,
        list_path=f"../{sheet.query}",
        path=f"../{sheet.task.place}",
        then=words.say(f"thanks_then{kind}", name=sheet.name)
        if not kind
        else words.say(f"thanks_then{kind}"),
    )


def _render(template: str, sheet: Sheet, **values: object) -> bytes:
    words = sheet.words
    about = words.say("about_self") if sheet.part.is_self else words.say("about", name=sheet.name)
    shared: dict[str, object] = {
        "about": about,
        "skip": "",
        "is_try": sheet.is_try,
        "choices": language_choice(words.language),
        "path": sheet.path,
        "query": sheet.query,
        "closes_on": sheet.wave.collection.closes_on,
    }
    return render(template, words, **(shared | values))


def _letter(sheet: Sheet) -> Letter:
    wave, task = sheet.wave, sheet.task
    items, prompts = question_counts(wave.questionnaire, sheet.words, sheet.part)
    return Letter(
        part=sheet.part,
        name=sheet.name,
        asked_by=_asked_by(sheet),
        closes_on=wave.collection.closes_on,
        min_raters=wave.policy.min_raters,
        min_pms=wave.policy.min_pms,
        group=task.reporting_group,
        group_size=wave.group_sizes.get((task.subject_id, task.reporting_group), 0),
        asked_count=asked_about(wave.group_sizes, task.subject_id),
        item_count=items,
        prompt_count=prompts,
    )


def _asked_by(sheet: Sheet) -> str:
    return sheet.wave.collection.asked_by or sheet.words.say("asked_by_nobody")


def _ask_key(part: Part) -> str:
    return {Part.SELF: "ask_self", Part.ALONE: "ask_self_alone"}.get(part, f"ask_{part}")


def _promises(letter: Letter, words: Wording) -> tuple[str, ...]:
    name, k = letter.name, letter.min_raters
    match letter.part:
        case Part.SELF:
            return (words.say("sees_self"),)
        case Part.ALONE:
            return (words.say("sees_self_alone"),)
        case Part.MANAGER:
            return words.say("sees_manager", name=name), words.say("sees_manager_comments")
        case Part.UNIT:
            return (
                words.say("sees_unit_ratings", k=k),
                words.count("asked_unit", letter.asked_count, name=name),
                words.say("sees_comments"),
            )
        case Part.OTHERS:
            return (
                words.say("sees_others_ratings", k=k, name=name),
                words.say("sees_where", pms=letter.min_pms, name=name),
                words.count("asked_count", letter.asked_count, name=name),
                _group(letter, words),
                words.say("sees_comments"),
            )


def _group(letter: Letter, words: Wording) -> str:
    """Only where several roles were put together is the rater's own not what is stored."""
    key = "group_count_others" if letter.group == OTHERS else "group_count"
    return words.say(key, count=letter.group_size, group=words.say(f"group_{letter.group}"))


def _operator(letter: Letter, words: Wording) -> str:
    if letter.part.is_named:
        return words.say("operator_named", group=words.say(f"group_{_named_group(letter.part)}"))
    return words.say("operator_others", day=words.day(letter.closes_on))


def _named_group(part: Part) -> str:
    return Relationship.MANAGER if part is Part.MANAGER else Relationship.SELF


def _closes(sheet: Sheet) -> str:
    return sheet.words.day(sheet.wave.collection.closes_on)


def _summary(words: Wording, response: Response, missing: int, asked: int) -> str:
    if response.is_empty:
        return words.say("review_nothing")
    return words.count("review_missing", missing) if missing else words.count("review_all", asked)


def _answers(sheet: Sheet, response: Response) -> list[Line]:
    """In the rater's own order, with the words they chose."""
    questionnaire = sheet.wave.questionnaire
    shown = questionnaire.questions(sheet.words, sheet.part, sheet.number)
    lines = []
    for question, one in zip(shown, questionnaire.order(sheet.number), strict=True):
        item_id = one.item.item_id
        options = {option.value: option.label for option in (*question.points, *question.not_observed)}
        value = ""
        if item_id in response.ratings:
            value = f"{response.ratings[item_id]:f}"
        elif item_id in response.not_observed:
            value = f"n{response.not_observed[item_id]}"
        lines.append(Line(text=question.text, answer=options.get(value, value), anchor=question.field))
    return lines


def _comments(sheet: Sheet, response: Response) -> list[Line]:
    questionnaire = sheet.wave.questionnaire
    ids = [prompt.prompt_id for prompt in questionnaire.instrument.prompts]
    lines = []
    for prompt in questionnaire.prompts(sheet.words, sheet.part):
        comment = response.comments.get(ids[prompt.place])
        text, signed = (comment.text, bool(comment.signed_by)) if comment else ("", False)
        lines.append(Line(text=prompt.text, answer=text, anchor=f"p{prompt.place}", is_signed=signed))
    return lines
