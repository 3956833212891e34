"""Each table has all the rows that its script makes, and one of its points comes out again."""

import importlib
from collections import Counter
from math import prod
from pathlib import Path

import numpy as np
import pytest

from helpers.data.results import read_results, result_names

SHARED = {"recall_networks", "result_table"}
FILES = Path(__file__).parents[2].joinpath("experiments").glob("*.py")
SCRIPTS = sorted({path.stem for path in FILES} - SHARED)  # in one order, as tests are shared out
# A run that takes a second or two, and the options that make a part of it.
POINTS = {
    "captions_by_objects": (("first state", 4e-3, 0), {"checkpoints": (50,)}),
    "cbow_and_skip_gram": (("cbow", 0.4, 1, 500, 10), {}),
    "count_or_train": (("SVD", "whole", 0.5, 1, 0), {}),
    "leaning_workers": (("two groups", 1.0, 12, 0), {}),
    "word2vec_settings": (("exponent 0.75", 4, 0.1, 1), {}),
    "word2vec_windows": ((2, "equal passes", 0.1, 1), {}),
    "embedding_dimensions": ((4, 0.05, 1), {"checkpoints": (75, 150)}),
    "few_labels": (("learned: frozen", 20, 0.03, 2), {}),
    "ids_as_numbers": (("id: 64 hidden", 0.03, 1), {"checkpoints": (150,)}),
    "translators_by_length": (("one context 48", 0.005, 1, 500), {}),
    "unseen_rows": (("learned: frozen", 0.03, 2), {}),
    "two_meanings": (("paris/cat", 1), {}),
    "alignment_rates": ((5e-3, 1, 400), {}),
    "analogies_and_their_baseline": (("languages too", 6, 0.05, 2), {}),
    "clipping_rescue": (("tanh clipped", 0.3, 1), {"checkpoints": (300,)}),
    "drowned_message": (("message alone", 1e-16, 0.001, 0), {"checkpoints": (300,)}),
    "gradient_regulariser": ((1.0, 0.5, 0.003, 0), {"checkpoints": (300,)}),
    "rate_and_scale": ((0.25, 0.75, 0.001, 2), {"checkpoints": (300,)}),
    "starts_and_delays": (("default", 20, 0.003, 0), {"checkpoints": (300,)}),
    "chrono_start": (("chrono", 40, 0.01, 1), {"checkpoints": (125,)}),
    "counting_cell": (("LSTM 1", 0.01, 3), {"checkpoints": (1000,)}),
    "echo_windows": (("update each window", 1.0, 24, 0.003, 0), {"checkpoints": (200,)}),
    "delayed_recall": (("GRU bias 3", 0.01, 2), {"checkpoints": (125, 250)}),
    "gates_ablation": (("no f", 0.01, 4), {"checkpoints": (20, 75, 150)}),
    "heads_by_steps": (("1 head", 0.01, 1), {"checkpoints": (150, 300)}),
    "highway_share": (("plain", 2), {}),
    "names_models": (("LSTM", 0.016, 0, 350), {}),
    "prose_models": (("LSTM", 0.008, 0, 240), {}),
    "overwriting_without_f": (("no f", 600, 2), {}),
    "overwritten_recall": (("GRU bias 3", 0.01, 0), {"checkpoints": (250,)}),
    "depth_at_equal_weights": (("digits", 10000, "1 layer", 0.01, 0, 300), {}),
    "digits_by_steps": (("rows", 0.01, 0, 300), {}),
    "where_the_label_goes": (("every step", 0.03, 0), {}),
    "which_language": (("n-grams 1-4", 3.0, 0, 0.25, 0), {}),
    "norms_and_warm_up": (("post-norm + warm-up", 80, 0.002, 1), {}),
    "parts_since_2017": (("as in 2017", 200, 0.0025, 0), {}),
    "random_starts": (("random start", 400, 0.0025, 0), {}),
    "silent_mistakes": (("shift the targets", 200, 0.005, 0), {}),
    "beam_width_and_truth": (("several and copies", 1), {"checkpoints": (150,), "tests": ((1, 0), (5, 1))}),
    "told_once_on_dates": (("every step", 0.01, 100, 0), {}),
    "contexts_and_uses": (("first state: last", 0.03, 2), {"checkpoints": (100,)}),
    "readable_gates": (("readable", 1, 5), {}),
    "one_question_for_both": (("bert", 7e-3, 325, 0), {}),
    "topics_by_read_out": (("from scratch", "mean", 80, 3e-3, 30, 2), {}),
    "next_sentence_task": (("pairs and task", 600, 1), {}),
    "heads_for_sentences": (("from scratch", "spans", 3e-3, 1), {}),
    "recogniser_by_steps": (("clean", 4e-3, 1), {"checkpoints": (60,)}),
    "beam_and_letter_model": ((0.5, 1), {"tests": (1, 4)}),
    "loss_by_size_and_tokens": ((8, 4e-2, 1, 75), {}),
    "contaminated_test": (("test", 2, 0), {}),
    "examples_in_the_prompt": (("lists", 5e-3, 1000, 1), {}),
    "text_or_updates": ((32, 300, 8, 1e-2, 0), {}),
    "copying_heads": ((1e-2, 1), {"checkpoints": (30,)}),
    "induction_by_layers": (("1 layer one distance", 1e-2, 1), {"checkpoints": (0, 180)}),
}
CLOSE = 0.05  # rounding differs between processors, and grows while a network trains


def script(name):
    return importlib.import_module(f"experiments.{name}")


def places(module, key):
    """Where one run is measured: numbers of steps, tests, steps back; some tables have them for each arm apart."""
    there = [getattr(module, name, [0]) for name in ("CHECKPOINTS", "TESTS", "STEPS_BACK")]
    return [each[key[0]] if isinstance(each, dict) else each for each in there]


def test_every_script_has_its_table_and_every_table_its_script():
    assert {*SCRIPTS} == {*result_names()} == {*POINTS}


@pytest.mark.parametrize("name", SCRIPTS)
def test_all_rows_are_there(name):
    module, table = script(name), read_results(name)
    fields = module.COLUMNS[: len(module.KEYS[0])]
    assert list(table.dtype.names) == module.COLUMNS
    assert Counter(table[fields].tolist()) == {key: prod(map(len, places(module, key))) for key in module.KEYS}
    if "CHECKPOINTS" in vars(module):
        wanted = {(*key, steps) for key in module.KEYS for steps in places(module, key)[0]}
        assert {*table[[*fields, "steps"]].tolist()} == wanted
    shares = [field for field in table.dtype.names if field.startswith(("right", "flip", "i_", "f_", "o_"))]
    assert all(((table[field] >= 0) & (table[field] <= 1)).all() for field in shares)


@pytest.mark.parametrize("name", SCRIPTS)
def test_one_point_of_the_table_comes_out_again(name):
    key, options = POINTS[name]
    module, table = script(name), read_results(name)
    for field, value in zip(module.COLUMNS, key, strict=False):
        table = table[table[field] == value]
    rest = module.COLUMNS[len(key) :]
    rows = module.rows_of(*key, **options)
    for row in rows:
        (found,) = [stored for stored in table[rest].tolist() if _same_place(rest, row, stored)]
        np.testing.assert_allclose(row, found, rtol=CLOSE, atol=CLOSE)


def _same_place(fields, row, stored):
    """Tell whether two rows were measured after as many steps and on the same test."""
    names = ("steps", "length", "deepest", "steps_back", "examples", "width", "alpha")
    places = [n for n, field in enumerate(fields) if field in names]
    return all(row[n] == stored[n] for n in places)
