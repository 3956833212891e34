import pytest

from helpers.data.world.phrases import verb_form, with_article


@pytest.mark.parametrize(
    ("base", "tense", "plural", "form"),
    [
        ("walk", "present", False, "walks"),
        ("walk", "present", True, "walk"),
        ("fly", "past", False, "flew"),
        ("walk", "future", True, "will walk"),
        ("not:walk", "present", False, "does not walk"),
        ("not:walk", "present", True, "do not walk"),
        ("not:walk", "past", True, "did not walk"),
        ("not:walk", "future", False, "will not walk"),
        ("be", "present", False, "is"),
        ("be", "present", True, "are"),
        ("be", "past", False, "was"),
        ("be", "past", True, "were"),
        ("be", "future", True, "will be"),
    ],
)
def test_forms_of_verbs(base, tense, plural, form):
    assert verb_form(base, tense, plural) == form


def test_articles():
    assert [with_article(noun) for noun in ("cow", "owl", "axe", "uncle")] == ["a cow", "an owl", "an axe", "an uncle"]
