"""All valid calls, what the chapters reach, and what is not spoiled."""

import ast
import importlib
import inspect
import json
from pathlib import Path

from helpers import decoding, sliders
from helpers.core import exercises
from helpers.data import names, prose, speech
from helpers.models import data_parallel, gpt_costs, induction, language_model
from helpers.models.gpt_bert import from_transformers
from tests.extreme_input import (
    calls_attention,
    calls_captions,
    calls_core,
    calls_counted_vectors,
    calls_counts,
    calls_ctc,
    calls_data,
    calls_decoding,
    calls_figures,
    calls_first_steps,
    calls_gpt_bert,
    calls_gradients,
    calls_language_models,
    calls_layers,
    calls_models,
    calls_pictures,
    calls_recurrence,
    calls_scale,
    calls_seq2seq,
    calls_shapes,
    calls_sound,
    calls_transformer_parts,
    calls_transformers,
    calls_word2vec,
)

CALLS = [
    *calls_core.CALLS,
    *calls_attention.CALLS,
    *calls_counts.CALLS,
    *calls_counted_vectors.CALLS,
    *calls_data.CALLS,
    *calls_layers.CALLS,
    *calls_decoding.CALLS,
    *calls_models.CALLS,
    *calls_word2vec.CALLS,
    *calls_seq2seq.CALLS,
    *calls_transformer_parts.CALLS,
    *calls_transformers.CALLS,
    *calls_gpt_bert.CALLS,
    *calls_language_models.CALLS,
    *calls_figures.CALLS,
    *calls_gradients.CALLS,
    *calls_shapes.CALLS,
    *calls_recurrence.CALLS,
    *calls_first_steps.CALLS,
    *calls_ctc.CALLS,
    *calls_pictures.CALLS,
    *calls_sound.CALLS,
    *calls_scale.CALLS,
    *calls_captions.CALLS,
]

# Function -> why it is not spoiled here.
NOT_SPOILED = {
    exercises.check: "it takes a function that may be wrong in any way; tests/core/test_exercises.py is about that",
    prose.python_topics: "it takes no argument at all",
    names.surnames: "it takes no argument at all",
    speech.recorded_speech: "it takes no argument at all",
    speech.can_speak: "it takes no argument at all",
    speech.speak: "it speaks, in new processes, a second each time; tests/data/speech is about what it refuses",
    speech.speech_set: "it speaks, in new processes, a second each time; tests/data/speech is about what it refuses",
    decoding.tokens_of: "it takes what write_tokens gives",
    from_transformers: "it takes a model of transformers; tests/models/gpt_bert is about what it refuses",
    language_model.sequence_losses: "it takes a model and its batches, which sentence_batches makes",
    language_model.window_losses: "it takes a model and its windows, which stream_windows makes and checks",
    gpt_costs.shape_of: "it copies numbers into a record, which those who read it check",
    gpt_costs.held_bytes: "it takes a model and an optimiser of torch, no numbers",
    gpt_costs.cache_bytes: "it takes the caches that read_prompt and cached_step make",
    data_parallel.load_checkpoint: "it reads a file; tests/models/data_parallel is about what it refuses",
    data_parallel.train_data_parallel: "it trains and writes files; tests/models/data_parallel is about it",
    induction.train_copying: "it takes a model and options of repeated_blocks, which refuses what is wrong with them",
    **dict.fromkeys(
        (data_parallel.averaged_gradients, data_parallel.batch_gradient),
        "each call starts processes; tests/models/data_parallel is about them",
    ),
    **dict.fromkeys(
        (sliders.interact, sliders.show, sliders.ask, sliders.Play),
        "it takes functions, controls and texts, no numbers; tests/sliders is about what it refuses",
    ),
}

_BOOK = Path(__file__).parents[2] / "book"


def reached():
    """{name: function} of all public functions and models that the notebooks import from helpers.

    A NamedTuple is left out: it holds what it is given, and those who read it check.
    """
    found = {}
    for notebook in sorted(_BOOK.glob("*.ipynb")):
        modules = {}
        for tree in _code(notebook):
            for module, name, alias in _imports(tree):
                value = getattr(importlib.import_module(module), name, None)
                if value is None or inspect.ismodule(value):
                    modules[alias] = importlib.import_module(f"{module}.{name}")
                else:
                    found[f"{module}.{name}"] = value
        for tree in _code(notebook):
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
                    found[f"{modules[node.value.id].__name__}.{node.attr}"] = getattr(modules[node.value.id], node.attr)
    return {name: value for name, value in found.items() if callable(value) and not _is_record(value)}


def is_drawing(function):
    """Drawings take what cells have computed, and give a picture: what is wrong with one is seen, not computed with."""
    return function.__module__.startswith("helpers.figures")


def _code(notebook):
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            lines = "".join(cell["source"]).splitlines()
            yield ast.parse("\n".join(line for line in lines if not line.lstrip().startswith(("%", "!"))))


def _imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "helpers":
            yield from ((node.module, name.name, name.asname or name.name) for name in node.names)


def _is_record(value):
    return inspect.isclass(value) and issubclass(value, tuple)
