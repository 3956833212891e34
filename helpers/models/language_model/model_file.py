"""A trained language model in one file: its weights and the tokens they are for; nothing in it is ever executed."""

import os
import pickle
from pathlib import Path

import torch

from helpers.models.language_model.text_tokens import TOKEN_KINDS, TextTokens
from helpers.models.language_model.torch_model import RecurrentLanguageModel

_FORMAT = "unrolled language model 1"


def save_language_model(path, model, text_tokens):
    """Write weights, sizes and vocabulary to a file. A file that is there is replaced only when the new one is whole.

    Parameters
    ----------
    path : str or Path
    model : RecurrentLanguageModel
    text_tokens : TextTokens
    """
    content = {
        "format": _FORMAT,
        "tokens": {"kind": text_tokens.kind, "tokens": list(text_tokens.tokens), "merges": list(text_tokens.merges)},
        "sizes": {
            "V": model.embedding.num_embeddings,
            "D": model.embedding.embedding_dim,
            "H": model.recurrent.hidden_size,
            "cell": type(model.recurrent).__name__.lower(),
            "layers": model.recurrent.num_layers,
            "dropout": model.dropout.p,
        },
        "weights": {name: weight.cpu() for name, weight in model.state_dict().items()},
    }
    part = Path(f"{path}.part")
    torch.save(content, part)
    os.replace(part, path)


def load_language_model(path):
    """Read what `save_language_model` wrote, onto the CPU.

    Returns
    -------
    model : RecurrentLanguageModel
        Ready to write: dropout is off.
    text_tokens : TextTokens

    Raises
    ------
    ValueError
        When there is no such file, or it is no such model; the message says why.
    """
    path = Path(path).expanduser()
    if not path.is_file():
        raise ValueError(f"path is {str(path)!r}, where no file is, expected a saved model")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError, AttributeError, TypeError):
        raise _no_model(path, "it cannot be read as weights and a vocabulary") from None
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise _no_model(path, "it holds something else")
    try:
        tokens = content["tokens"]
        text_tokens = TextTokens(tokens["kind"], tuple(tokens["tokens"]), tuple(map(tuple, tokens["merges"])))
        model = RecurrentLanguageModel(**content["sizes"])
        model.load_state_dict(content["weights"])
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise _no_model(path, f"its parts do not fit: {' '.join(str(error).split())[:100]}") from None
    if text_tokens.kind not in TOKEN_KINDS or len(text_tokens.tokens) != model.embedding.num_embeddings:
        raise _no_model(path, "its vocabulary does not fit its weights")
    if not all(weight.isfinite().all() for weight in model.parameters()):
        raise _no_model(path, "it has weights that are NaN or infinite")
    return model.eval(), text_tokens


def _no_model(path, reason):
    return ValueError(f"file {path.name!r} is no saved model: {reason}; expected a file that this program saved")
