"""Which language a person chose: kept for each, the last choice counts."""

from survey.register_languages import ChosenLanguages


def test_language_when_chosen_then_the_last_choice_of_each_person_is_kept(register):
    languages = ChosenLanguages(register.store)
    assert languages.of("ada") == ""
    languages.choose("ada", "de")
    languages.choose("bo", "en")
    languages.choose("ada", "en")
    languages.choose("ada", "de")
    assert (languages.of("ada"), languages.of("bo")) == ("de", "en")
