import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.models.word2vec.fast import tree as fast_tree
from helpers.models.word2vec.fast.tree import sort_tree
from helpers.models.word2vec.huffman import huffman_paths


def test_words_of_one_node_stand_side_by_side():
    counts = np.random.default_rng(0).integers(0, 100, 70)
    paths = huffman_paths(counts)
    place = sort_tree(paths).place.astype(int)
    assert sorted(place) == list(range(70))
    for node in range(69):
        below = np.sort(place[(paths.mask & (paths.nodes == node)).any(axis=1)])
        assert (np.diff(below) == 1).all()


@given(st.integers(2, 80), st.integers(0, 2**32))
@settings(deadline=None)
def test_a_bundle_has_one_column_for_each_node(V, seed):
    rng = np.random.default_rng(seed)
    paths = huffman_paths(rng.integers(1, 1000, V))
    tree = sort_tree(paths)
    words = np.argsort(tree.place)[np.sort(rng.integers(V, size=3 * fast_tree._BUNDLE))]
    nodes, need, total, positive = fast_tree._columns(tree, words, np.float64)
    for b, bundle in enumerate(words.reshape(3, -1)):
        columns = nodes[b, : need[b]].tolist()
        assert sorted(columns) == sorted(set(paths.nodes[bundle][paths.mask[bundle]].tolist()))
        assert not total[b, :, need[b] :].any()
        for i, word in enumerate(bundle):
            for j, column in enumerate(columns):
                step = paths.mask[word] & (paths.nodes[word] == column)
                assert total[b, i, j] == step.any()
                assert positive[b, i, j] == (step & paths.bits[word]).any()
