import numpy as np
import pytest

from helpers.data.pictures import (
    CAPTION_WORDS,
    CaptionWord,
    ParsedCaption,
    Phrase,
    PictureObject,
    annotate_caption,
    caption_batch,
    caption_of,
    caption_vocab,
    compose_scene,
    draw_pictures,
    encode_captions,
    parse_caption,
    random_scenes,
    relation_between,
)
from helpers.data.vocab import END, START, decode

SCENE = compose_scene(
    [
        PictureObject("small", "red", "circle", 8, 5),
        PictureObject("large", "blue", "square", 10, 16),
        PictureObject("small", "green", "triangle", 25, 20),
    ]
)
CAPTION = [
    "a",
    "small",
    "red",
    "circle",
    "above",
    "a",
    "large",
    "blue",
    "square",
    "left",
    "of",
    "a",
    "small",
    "green",
    "triangle",
]


def test_a_caption_is_what_was_worked_out_by_hand():
    assert [*caption_of(SCENE)] == CAPTION
    assert caption_of(SCENE[:1]) == ("a", "small", "red", "circle")


@pytest.mark.parametrize(
    ("place", "relation"),
    [
        ((16, 20), "above"),
        ((16, 4), "below"),
        ((20, 13), "left of"),
        ((3, 15), "right of"),
        ((20, 16), "above"),
        ((20, 8), "below"),
        ((16, 12.5), "above"),
        ((16.5, 12), "left of"),
        ((16, 11.5), "below"),
    ],
)
def test_the_axis_on_which_two_are_further_apart_decides(place, relation):
    one = PictureObject("small", "red", "circle", 16, 12)
    assert relation_between(one, one._replace(x=place[0], y=place[1])) == relation


def test_every_word_has_its_role_and_its_objects():
    annotated = annotate_caption(CAPTION)
    assert [each.word for each in annotated] == CAPTION
    assert annotated[:5] == (
        CaptionWord("a", "article", (0,)),
        CaptionWord("small", "size", (0,)),
        CaptionWord("red", "colour", (0,)),
        CaptionWord("circle", "shape", (0,)),
        CaptionWord("above", "relation", (0, 1)),
    )
    assert [each.objects for each in annotated[9:12]] == [(1, 2), (1, 2), (2,)]


def test_a_caption_comes_apart_into_what_it_was_made_of():
    for scene in random_scenes(60, np.random.default_rng(0)):
        parsed = parse_caption(caption_of(scene))
        assert parsed.phrases == tuple(Phrase(one.size, one.colour, one.shape) for one in scene)
        assert parsed.relations == tuple(map(relation_between, scene, scene[1:]))
    assert parse_caption(["a", "big", "red", "circle", "below", "a", "blue", "square"]) == ParsedCaption(
        (Phrase("large", "red", "circle"), Phrase(None, "blue", "square")), ("below",)
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("red circle", "'red' comes after '', expected a"),
        ("a small circle", "'circle' comes after 'a small', expected red or green"),
        ("a red circle left a", "'a' comes after 'a red circle left', expected of"),
        ("a red circle above", "'a red circle above' ends too early"),
        ("a red", "ends too early"),
        ("", "'' ends too early"),
        ("a red circle a", "'a' comes after 'a red circle', expected above"),
    ],
)
def test_what_is_no_caption_is_refused_at_its_first_wrong_word(words, message):
    with pytest.raises(ValueError, match=message):
        parse_caption(words.split())


def test_a_batch_holds_captions_with_their_ends():
    scenes = random_scenes(9, np.random.default_rng(2))
    captions, vocab = [caption_of(scene) for scene in scenes], caption_vocab()
    pictures = draw_pictures(scenes)
    assert {*CAPTION_WORDS} == {*vocab.tokens[4:]}
    batch = caption_batch(encode_captions(pictures, captions, vocab), np.array([7, 1]))
    np.testing.assert_array_equal(batch.pictures, pictures[[7, 1]])
    assert (batch.inputs[0] == START).all()
    for column, n in enumerate((7, 1)):
        said = batch.targets[batch.target_mask[:, column], column]
        assert tuple(decode(vocab, said[:-1])) == captions[n]
        assert said[-1] == END
        np.testing.assert_array_equal(batch.inputs[1 : len(said), column], said[:-1])


@pytest.mark.parametrize(
    ("pictures", "captions", "message"),
    [
        (np.zeros((1, 32, 32, 3)), [CAPTION, CAPTION], "2 captions, expected one for each of 1 pictures"),
        (np.zeros((1, 32, 32, 3)), [[]], "a caption has no word"),
        (np.zeros((1, 32, 32)), [CAPTION], "pictures has shape"),
        (np.full((1, 32, 32, 3), 255.0), [CAPTION], "expected colours from 0 to 1"),
        (np.linspace(-1, 1, 32 * 32 * 3).reshape(1, 32, 32, 3), [CAPTION], "pictures spans -1 to 1"),
        (np.full((1, 32, 32, 3), np.nan), [CAPTION], "NaN"),
    ],
)
def test_pictures_and_captions_that_do_not_go_together_are_refused(pictures, captions, message):
    with pytest.raises(ValueError, match=message):
        encode_captions(pictures, captions, caption_vocab())
