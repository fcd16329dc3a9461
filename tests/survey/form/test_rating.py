"""A rater's way over HTTP, on real stores: what is kept, what is shown, and when."""

import pytest

from survey.campaign import WaveState
from survey.participation import LinkPurpose
from survey.register import open_register
from survey.response import parse_response
from survey.secret import delete_keys


def close(world) -> None:
    with open_register(world.settings.register_address) as register:
        register.move_wave(world.wave_id, WaveState.CLOSED)


def test_form_when_opened_then_it_says_who_asks_how_long_and_who_sees_what(world, client):
    page = client.get(f"/f/{world.link('p-kim')}").text

    for said in (
        "Grace Hopper, People Team",
        "What is it like to work with Ada Lovelace?",
        "4 minutes",
        "24 short questions",
        "at least 4 people",
        "4 people are asked about Ada Lovelace",
        "group of 4 people who were asked: engineering",
        "Thursday, 31 December 2026",
    ):
        assert said in page


def test_form_when_sent_then_it_is_stored_once_and_acknowledged(world, client):
    path = f"/f/{world.link('p-kim')}"

    reply = world.send(client, path, p0="Thank you", s0="1")
    receipt = client.get(reply.headers["location"])

    assert (reply.status_code, receipt.status_code) == (303, 200)
    assert "have arrived and are kept" in receipt.text
    (kept,) = world.stored()
    response = parse_response(kept.content)
    assert (kept.subject_id, kept.reporting_group) == ("p-ada", "engineering")
    assert len(response.ratings) == len(world.instrument.items)
    assert [(one.text, one.signed_by) for one in response.comments.values()] == [("Thank you", "p-kim")]
    assert world.done() == {("p-ada", "engineering"): 1}


def test_form_when_sent_twice_then_the_later_answers_count(world, client):
    path = f"/f/{world.link('p-kim')}"
    world.send(client, path)

    world.send(client, path, p0="Second thought")

    (kept,) = world.stored()
    assert "Second thought" in kept.content
    assert world.done() == {("p-ada", "engineering"): 1}


def test_form_when_opened_again_after_sending_then_answers_are_there(world, client):
    path = f"/f/{world.link('p-kim')}"
    world.send(client, path, p1="</textarea><script>alert(1)</script>")

    page = client.get(path).text

    assert page.count(" checked>") == len(world.instrument.items)
    assert "&lt;/textarea&gt;&lt;script&gt;" in page
    assert "Your answers are in" in page


def test_form_when_saved_then_the_same_link_goes_on_elsewhere_and_nothing_counts(world):
    secret = world.link("p-kim")
    with world.client() as phone:
        reply = world.send(phone, f"/f/{secret}", do="save", p0="half a thought")
    with world.client() as laptop:
        page = laptop.get(f"/f/{secret}").text

    assert reply.status_code == 303
    assert "half a thought" in page
    assert "It is not sent yet" in page
    assert (world.stored(), world.done()) == ((), {})


def test_form_when_sent_with_gaps_then_it_asks_once_and_takes_them(world, client):
    path = f"/f/{world.link('p-kim')}"
    first = world.send(client, path, q3="", q4="")

    assert first.status_code == 200
    assert "2 questions are open" in first.text
    assert world.stored() == ()

    second = world.send(client, path, q3="", q4="", reviewed="1")

    assert second.status_code == 303
    assert len(parse_response(world.stored()[0].content).ratings) == len(world.instrument.items) - 2


def test_form_when_nothing_is_filled_in_then_nothing_is_sent(world, client):
    path = f"/f/{world.link('p-kim')}"
    nothing = {name: "" for name in world.filled() if name.startswith("q")}

    reply = world.send(client, path, reviewed="1", **nothing)

    assert "Nothing is filled in yet" in reply.text
    assert world.stored() == ()


def test_answers_when_withdrawn_then_they_are_gone_and_may_be_given_anew(world, client):
    path = f"/f/{world.link('p-kim')}"
    world.send(client, path)
    asked = client.get(f"{path}/1/withdraw")
    assert world.done() == {("p-ada", "engineering"): 1}

    reply = world.send(client, f"{path}/1", do="withdraw")

    assert "Withdraw your answers?" in asked.text
    assert "withdrawn and deleted" in client.get(reply.headers["location"]).text
    assert (world.stored(), world.done()) == ((), {})
    world.send(client, path)
    assert world.done() == {("p-ada", "engineering"): 1}


def test_second_link_when_the_first_was_used_then_it_points_there_and_counts_nothing(world, client):
    first, second = world.link("p-kim"), world.link("p-kim")
    opened = client.get(f"/f/{second}").text
    world.send(client, f"/f/{first}")

    late = world.send(client, f"/f/{second}")

    assert "What is it like" in opened
    assert "You have answered already" in late.text
    assert "You have answered already" in client.get(f"/f/{second}").text
    assert len(world.stored()) == 1


def test_rater_of_several_when_opening_then_the_list_shows_how_far_they_are(world, client):
    path = f"/f/{world.link('p-eve')}"
    before = client.get(path).text
    world.send(client, f"{path}/2")
    world.send(client, f"{path}/1", do="save")

    after = client.get(path).text

    assert "0 of 2 done" in before
    assert before.count("not started") == 2
    assert "1 of 2 done" in after
    assert "begun, not sent" in after
    assert "Bo &lt;b&gt;Nilsson&lt;/b&gt;" in after


def test_receipt_when_others_are_open_then_it_leads_on(world, client):
    path = f"/f/{world.link('p-eve')}"

    reply = world.send(client, f"{path}/1")

    assert "One more person is waiting for you" in client.get(reply.headers["location"]).text


@pytest.mark.parametrize(
    ("rater", "said"),
    [
        ("p-ada", "beside what others say"),
        ("p-max", "as the manager’s, and so with your name"),
        ("p-kim", "only together with those of others"),
    ],
)
def test_form_when_opened_then_each_part_is_told_what_is_shown_of_it(world, client, rater, said):
    path = f"/f/{world.link(rater)}/1"
    assert said in client.get(path).text


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (1, "a group of 4 people who were asked: engineering. This group is stored beside them"),
        (2, "whatever their role: everybody else. Neither your role nor your name is stored"),
    ],
)
def test_form_when_the_group_is_the_role_then_it_does_not_say_that_the_role_is_not_stored(
    world, client, place, said
):
    page = client.get(f"/f/{world.link('p-eve')}/{place}").text
    assert said in page


def test_form_when_opened_then_it_says_what_logs_tell_and_who_else_sees_results(world, client):
    page = client.get(f"/f/{world.link('p-kim')}/1").text
    assert "by comparing in which order it noted who has answered and stored the answers" in page
    assert "numbers about at least 3 people like Ada Lovelace together" in page
    assert "counts only for the unit, or not at all" in page


def test_language_when_asked_for_then_pages_speak_it_and_keep_it(world, client):
    path = f"/f/{world.link('p-kim')}"
    german = client.get(path, headers={"accept-language": "de-CH,de;q=0.9"}).text
    chosen = client.get(f"{path}?lang=de", headers={"accept-language": "en"}).text

    reply = world.send(client, f"{path}?lang=de")

    assert 'lang="de"' in german
    assert "Wie ist die Zusammenarbeit mit Ada Lovelace?" in chosen
    assert reply.headers["location"].endswith("/thanks?lang=de")


def test_door_when_a_link_is_no_good_then_every_reason_looks_the_same(world, tmp_path):
    good, other_kind = world.link("p-kim"), world.link("p-kim", LinkPurpose.NOMINATE)
    with world.client() as client:
        replies = [client.get(f"/f/{secret}") for secret in ("", "short", "x" * 32, "%00" * 20, other_kind)]
        replies.append(client.get("/else/where"))
        world.time.day = world.time.day.replace(year=2027)
        replies.append(client.get(f"/f/{good}"))
        world.time.day = world.time.day.replace(year=2026)
        close(world)
        replies.append(client.get(f"/f/{good}"))
        delete_keys(world.settings.wave_keys_path(world.wave_id))
        replies.append(client.get(f"/f/{good}"))

    assert {reply.status_code for reply in replies} == {404}
    assert len({reply.content for reply in replies}) == 1
    headers = [{k: v for k, v in reply.headers.items() if k != "date"} for reply in replies]
    assert all(one == headers[0] for one in headers)


def test_form_when_the_wave_closes_while_it_is_open_then_nothing_more_is_taken(world, client):
    path = f"/f/{world.link('p-kim')}"
    client.get(path)
    close(world)

    reply = world.send(client, path)

    assert reply.status_code == 404
    assert world.stored() == ()


def test_try_when_filled_in_then_it_looks_real_and_keeps_nothing(world, client):
    path = f"/t/{world.link('', LinkPurpose.TRY)}"
    listed = client.get(path).text
    form = client.get(f"{path}/1").text

    reply = world.send(client, f"{path}/1")
    receipt = client.get(reply.headers["location"]).text
    saved = world.send(client, f"{path}/1", do="save")

    assert "Alex Example" in listed
    assert all("Nothing you enter here is kept" in page for page in (listed, form, receipt))
    assert "This was a try" in receipt
    assert saved.status_code == 303
    assert "checked" not in client.get(f"{path}/1").text
    assert (world.stored(), world.done()) == ((), {})


def test_careless_signs_when_everything_is_the_same_at_once_then_both_are_kept_as_flags(world, client):
    path = f"/f/{world.link('p-kim')}"
    same = {name: "1" for name in world.filled() if name.startswith("q")}

    world.send(client, path, **same)

    (kept,) = world.stored()
    assert (kept.is_straight, kept.is_fast) == (True, True)


def test_careless_signs_when_somebody_takes_time_then_there_are_none(world, client):
    path = f"/f/{world.link('p-kim')}"
    page = client.get(path).text
    world.time.ms += 240_000

    client.post(path, data={**world.filled(), "seal": page.split('name="seal" value="')[1].split('"')[0]})

    (kept,) = world.stored()
    assert (kept.is_straight, kept.is_fast) == (False, False)


def test_pages_when_shared_by_raters_then_none_holds_another_s_link(world, client):
    secrets = [
        world.link(person) for person in ("p-kim", "p-lee", "p-ron", "p-eve", "p-ada", "p-bo", "p-max")
    ]
    pages = {}
    for secret in secrets:
        first = client.get(f"/f/{secret}")
        reply = world.send(client, f"/f/{secret}/1")
        later = [client.get(f"/f/{secret}/1{rest}") for rest in ("", "/thanks", "/withdraw")]
        review = world.send(client, f"/f/{secret}/1", do="review")
        pages[secret] = "".join(
            page.text for page in (first, client.get(reply.headers["location"]), review, *later)
        )

    for secret, text in pages.items():
        assert not [other for other in secrets if other != secret and other in text]


def test_form_when_its_first_page_is_served_then_it_holds_no_secret_at_all(world, client):
    secret = world.link("p-kim")
    reply = world.send(client, f"/f/{secret}")

    assert secret not in client.get(f"/f/{world.link('p-lee')}").text
    assert secret not in client.get(reply.headers["location"]).text
