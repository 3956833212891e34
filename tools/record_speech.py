"""Make `helpers/data/speech/recorded.npz`: two utterances of espeak-ng, and what recognisers make of them.

It is run by hand: `python tools/record_speech.py`. The chapter's figures draw from the file, so that they are the same
on every machine.
"""

from pathlib import Path

import numpy as np
import torch

from helpers.data.speech import Voice, features_of, speak, speech_set
from helpers.data.speech.recorded import compress, expand
from helpers.models.recogniser import best_texts, new_recogniser, recognise, train_recogniser

FILE = Path(__file__).parents[1] / "helpers" / "data" / "speech" / "recorded.npz"
SPOKEN = {
    "four two seven": Voice("en", "m3", 165, 50),
    "three nine": Voice("en", "klatt4", 165, 50),
}
STEPS, LOOKS = 300, (0, 30, 60, 90, 120, 180, 300)


def record():
    """Return the arrays of the file."""
    torch.set_num_threads(1)
    said = speak(list(SPOKEN), list(SPOKEN.values()))
    features = [features_of(expand(compress(utterance.wave)), utterance.rate) for utterance in said]
    model, found = new_recogniser(0), {}

    def look(step):
        if step in LOOKS:
            found[step] = recognise(model, features)
            print(step, best_texts(found[step]))

    train_recogniser(model, speech_set("train"), np.random.default_rng(0), steps=STEPS, each=look)
    look(STEPS)
    arrays = {
        "texts": np.array(list(SPOKEN)),
        "voices": np.array([[str(part) for part in voice] for voice in SPOKEN.values()]),
        "rate": np.array(said[0].rate),
        "steps": np.array(LOOKS),
    }
    for n, utterance in enumerate(said):
        arrays[f"wave_{n}"] = compress(utterance.wave)
        for name in ("words", "word_times", "phonemes", "phoneme_times"):
            arrays[f"{name}_{n}"] = np.array(getattr(utterance, name))
        for step in LOOKS:
            arrays[f"log_y_{n}_{step}"] = found[step][n].astype(np.float16)
    return arrays


if __name__ == "__main__":
    np.savez_compressed(FILE, **record())
    print(f"{FILE.name}: {FILE.stat().st_size / 1000:.0f} kB")
