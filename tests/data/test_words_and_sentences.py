import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.words_and_sentences import cut_sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["Das ist gut.", "Über uns steht nichts."],
        ["Wait…", "What?", "“Yes.”", "(No.)", "Ok... fine."],
        ["Да.", "Ёлка!"],
        ["« Oui. »", "Elle part.", "„Nein!“", "»Ja.«", "Gut."],
        ["¿Qué?", "¡Sí!", "Ñandú."],
        ["안녕.", "우리는 간다."],
        ["كيف حالك؟", "أنا بخير.", "نعم."],
        ["यह अच्छा है।", "वह बुरा है॥", "हाँ।"],
        ["Version 3.14 is out, e.g. today.", "2 more follow."],
        ['"He said “no.”"', "A new one."],
    ],
)
def test_sentences_of_other_languages(sentences):
    assert cut_sentences(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["你好！", "我很好……“真的吗？”", "他说。", "好的"],  # what may go on does
        ["好吗?", "我不知道!", "真的？！", "「はい。」", "（了。）", "end"],
        ["है।", "वह॥", "x"],
    ],
)
def test_sentences_without_spaces_between(sentences):
    assert cut_sentences("".join(sentences)) == sentences


def test_a_sentence_goes_on_before_a_small_letter():
    text = "He said “Stop!” and left. it was … well, (see 3.b) fine! ’t was"
    assert cut_sentences(text) == [text]


@settings(deadline=None)
@given(st.text(st.sampled_from("aA我。.!?…”’)» “(\n1é")))
def test_nothing_but_spaces_is_lost(text):
    assert "".join("".join(cut_sentences(text)).split()) == "".join(text.split())
