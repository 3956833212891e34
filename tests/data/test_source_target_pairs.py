import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.source_target_pairs import Pair, alignment_matrix, encode_pairs, pair_batch, pair_vocabs, split_pairs
from helpers.data.vocab import END, PAD, SPECIALS, START, UNK, decode_sentences

PAIRS = [
    Pair(("a", "b", "a"), ("x", "y"), ((2,), ())),
    Pair(("b",), ("z", "x", "x"), ((0,), (0,), ())),
]

words = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6).map(tuple)
some_pairs = st.lists(
    st.tuples(words, words).map(lambda both: Pair(*both, tuple((0,) for _ in both[1]))), min_size=1, max_size=8
)


def test_vocabularies_are_apart():
    source, target = pair_vocabs(iter(PAIRS))
    assert source.tokens.tolist() == [*SPECIALS, "a", "b"]
    assert target.tokens.tolist() == [*SPECIALS, "x", "y", "z"]
    assert source.counts[4:].tolist() == [2, 2]
    with pytest.raises(ValueError, match="tokens is empty"):
        pair_vocabs([])


def test_a_batch_by_hand():
    encoded = encode_pairs(iter(PAIRS), *pair_vocabs(PAIRS))
    batch = pair_batch(encoded, np.array([1, 0]))
    assert batch.source.T.tolist() == [[5, END, PAD, PAD], [4, 5, 4, END]]
    assert batch.source_mask.T.tolist() == [[1, 1, 0, 0], [1, 1, 1, 1]]
    assert batch.inputs.T.tolist() == [[START, 6, 4, 4], [START, 4, 5, PAD]]
    assert batch.targets.T.tolist() == [[6, 4, 4, END], [4, 5, END, PAD]]
    assert batch.target_mask.T.tolist() == [[1, 1, 1, 1], [1, 1, 1, 0]]
    assert [ids.dtype for ids in (batch.source, batch.inputs, batch.targets)] == [np.int32] * 3
    assert [mask.dtype for mask in (batch.source_mask, batch.target_mask)] == [bool] * 2


@settings(deadline=None)
@given(some_pairs)
def test_pairs_go_there_and_back(pairs):
    source_vocab, target_vocab = pair_vocabs(pairs)
    encoded = encode_pairs(pairs, source_vocab, target_vocab)
    assert decode_sentences(source_vocab, encoded.source) == [" ".join(pair.source) for pair in pairs]
    assert decode_sentences(target_vocab, encoded.target) == [" ".join(pair.target) for pair in pairs]
    batch = pair_batch(encoded, np.arange(len(pairs)))
    np.testing.assert_array_equal(batch.source_mask.sum(axis=0), [len(pair.source) + 1 for pair in pairs])
    np.testing.assert_array_equal(batch.target_mask.sum(axis=0), [len(pair.target) + 1 for pair in pairs])
    goes_on = batch.target_mask[1:]  # what is said at a step is what is read at the next
    np.testing.assert_array_equal(batch.inputs[1:][goes_on], batch.targets[:-1][goes_on])
    assert not batch.targets[~batch.target_mask].any()  # PAD is 0
    assert not batch.inputs[~batch.target_mask].any()
    assert not batch.source[~batch.source_mask].any()


def test_unknown_words_and_bad_numbers():
    vocabs = pair_vocabs(PAIRS[1:])
    encoded = encode_pairs(PAIRS, *vocabs)
    assert encoded.source.tokens[0] == UNK
    with pytest.raises(ValueError, match="sentences spans 0 to 2, expected integers from 0 to 1"):
        pair_batch(encoded, np.array([0, 2]))
    with pytest.raises(ValueError, match="sentence 0 is empty"):
        encode_pairs([Pair((), ("x",), ((),))], *vocabs)
    with pytest.raises(ValueError, match="tokens is empty"):
        encode_pairs([], *vocabs)


def test_alignment_as_a_table_by_hand():
    assert alignment_matrix(PAIRS[0]).tolist() == [[False, False, True], [False, False, False]]
    both = PAIRS[0]._replace(alignment=((0, 2), (1,)))
    assert alignment_matrix(both).tolist() == [[True, False, True], [False, True, False]]


@pytest.mark.parametrize(
    ("alignment", "message"),
    [
        (((0,),), "alignment has 1 entries, expected one for each of 2 target tokens"),
        (((0,), (3,)), r"alignment of target token 1 is \(3,\), expected positions from 0 to 2"),
        (((-1,), (0,)), r"alignment of target token 0 is \(-1,\)"),
    ],
)
def test_a_wrong_alignment_is_named(alignment, message):
    with pytest.raises(ValueError, match=message):
        alignment_matrix(PAIRS[0]._replace(alignment=alignment))


@settings(deadline=None)
@given(some_pairs, st.floats(0.01, 0.99), st.integers(0, 99))
def test_no_target_is_on_both_sides(pairs, share, seed):
    distinct = len({pair.target for pair in pairs})
    if not 0 < round(share * distinct) < distinct:
        with pytest.raises(ValueError, match=f"of {distinct} distinct targets leaves nothing on one side"):
            split_pairs(pairs, share, np.random.default_rng(seed))
        return
    train, test = split_pairs(iter(pairs), share, np.random.default_rng(seed))
    assert not {pair.target for pair in train} & {pair.target for pair in test}
    assert len({pair.target for pair in test}) == round(share * distinct)
    assert sorted(train + test) == sorted(pairs)


def test_the_generator_decides_what_is_held_out():
    pairs = [Pair(("a",), (str(i),), ((0,),)) for i in range(100)]
    one, two, other = (split_pairs(pairs, 0.2, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one == two
    assert one != other
    assert one[1] != pairs[:20]
    for share in (0, 1, np.nan):
        with pytest.raises(ValueError, match=f"share is {share}"):
            split_pairs(pairs, share, np.random.default_rng(0))
