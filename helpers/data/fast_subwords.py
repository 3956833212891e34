"""Byte-pair encoding as `helpers.data.subwords.learn_subwords` learns it, but fast: a merge looks only where it is."""

from collections import defaultdict
from heapq import heapify, heappop, heappush
from itertools import pairwise

from helpers.core.checks import check_integer
from helpers.data.subwords import count_pieces, make_subwords


def fast_learn_subwords(text, merges):
    """Learn the same merges as `learn_subwords` from the same arguments.

    The counts of all pairs are kept, and in which words each pair occurs. A merge looks only at the words that hold its
    pair, and a heap finds the most frequent pair. A count in the heap may be out of date: it is checked when it comes
    out.
    """
    counts = count_pieces(text)
    check_integer("merges", merges, least=0)
    characters = sorted({character for word in counts for character in word})
    tokens, ids = list(characters), {character: i for i, character in enumerate(characters)}
    words, numbers = [[ids[character] for character in word] for word in counts], list(counts.values())
    pairs, places = defaultdict(int), defaultdict(set)  # how often each pair occurs, and in which words
    for w, word in enumerate(words):
        for pair in pairwise(word):
            pairs[pair] += numbers[w]
            places[pair].add(w)
    heap = [(-count, pair) for pair, count in pairs.items()]
    heapify(heap)
    learnt = []
    while heap and len(learnt) < merges:
        count, pair = heappop(heap)
        if -count != pairs[pair]:
            continue  # its count has changed, and the right one is in the heap too
        if -count < 2:
            break
        left, right = pair
        learnt.append((tokens[left], tokens[right]))
        new = ids.setdefault(tokens[left] + tokens[right], len(tokens))
        if new == len(tokens):
            tokens.append(tokens[left] + tokens[right])
        changed = set()
        for w in places.pop(pair):
            for old in pairwise(words[w]):
                pairs[old] -= numbers[w]
                changed.add(old)
            words[w] = _merge_ids(words[w], left, right, new)
            for fresh in pairwise(words[w]):
                pairs[fresh] += numbers[w]
                places[fresh].add(w)
                changed.add(fresh)
        for each in changed:
            if pairs[each]:
                heappush(heap, (-pairs[each], each))
    return make_subwords(characters, learnt)


def _merge_ids(word, left, right, new):
    merged, i = [], 0
    while i < len(word):
        if word[i] == left and i + 1 < len(word) and word[i + 1] == right:
            merged.append(new)
            i += 2
        else:
            merged.append(word[i])
            i += 1
    return merged
