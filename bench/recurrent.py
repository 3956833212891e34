"""The hand-written RNN, LSTM and GRU, forward and backward, against torch.nn's on the CPU at equal threads.

Ours are the fast forms, which models train with; a second table compares them with the readable ones, and a third says
what an LSTM's time is spent on.
Run it with `python bench/recurrent.py`. Both sides are measured in turn in one run, so that a busy machine slows both.
The threads of NumPy's BLAS are fixed when NumPy is loaded, so each number of threads is measured in a process of its
own.
"""

import os
import subprocess
import sys
from functools import partial
from typing import NamedTuple

from in_turn import assert_equal, in_turn

CELLS = ("rnn", "lstm", "gru")
THREADS = (1, 2)
SIZES = ((20, 4, 8, 16), (50, 32, 64, 128), (100, 64, 128, 256))  # (T, B, D, H)
SECONDS = 3.0  # for each size


class Row(NamedTuple):
    cell: str
    threads: int
    size: tuple
    ours_ms: float
    torch_ms: float

    @property
    def ratio(self):
        """torch's time over ours: above 1 we are faster."""
        return self.torch_ms / self.ours_ms


class FormsRow(NamedTuple):
    cell: str
    size: tuple
    fast_ms: float
    readable_ms: float

    @property
    def factor(self):
        """The readable form's time over the fast form's."""
        return self.readable_ms / self.fast_ms


def measure(threads, cells=CELLS, sizes=SIZES, seconds=SECONDS):
    """Yield medians for each cell and size, after asserting that outputs and gradients are equal to 1e-5.

    `threads` sets torch's; NumPy's must have been set in the environment before NumPy was loaded, as `main` does.
    """
    import torch

    torch.set_num_threads(threads)
    for cell in cells:
        for size in sizes:
            ours, theirs, _ = _make_passes(cell, *size)
            assert_equal(ours(), theirs())
            ours_s, torch_s = in_turn([ours, theirs], seconds)
            yield Row(cell, threads, size, 1e3 * ours_s, 1e3 * torch_s)


def measure_forms(cells=CELLS, sizes=SIZES, seconds=SECONDS):
    """Yield medians of the fast and of the readable form, after asserting that they are equal to 1e-5."""
    for cell in cells:
        for size in sizes:
            fast, theirs, readable = _make_passes(cell, *size)
            assert_equal(readable(), theirs())
            fast_s, readable_s = in_turn([fast, readable], seconds)
            yield FormsRow(cell, size, 1e3 * fast_s, 1e3 * readable_s)


def _make_passes(cell, T, B, D, H):
    """Functions that do the same work and return every output and gradient: the fast form, torch, the readable form."""
    import numpy as np
    import torch

    import helpers.layers.recurrent as readable_forms
    from helpers.layers.recurrent.stack import CELLS
    from helpers.layers.recurrent.torch_weights import to_torch

    rng = np.random.default_rng(0)
    functions = CELLS[cell]
    params = functions.init(rng, D, H, np.float32)
    x, dh = (rng.standard_normal((T, B, n), dtype=np.float32) for n in (D, H))
    dh /= T * B  # as the gradient of a mean loss is
    state = functions.zero_state(B, params)

    module = to_torch(params, cell)
    weights = [module.weight_ih_l0, module.weight_hh_l0, module.bias_ih_l0]
    weights += [module.bias_hh_l0] if cell == "gru" else []  # where we have two biases as well
    x_torch, dh_torch = torch.tensor(x, requires_grad=True), torch.tensor(dh)

    def passes(forward, backward):
        h, _, cache = forward(x, state, params)
        dx, _, grads = backward(dh, state, cache, params)
        return h, dx, *grads

    def theirs():
        h, _ = module(x_torch)
        dx, *grads = torch.autograd.grad(h, [x_torch, *weights], dh_torch)
        return h.detach(), dx, *(grad.T if grad.ndim == 2 else grad for grad in grads)

    fast = partial(passes, functions.forward, functions.backward)
    readable = partial(passes, getattr(readable_forms, cell), getattr(readable_forms, f"{cell}_backward"))
    return fast, theirs, readable


def measure_parts(size=SIZES[1], seconds=SECONDS):
    """Median milliseconds of an LSTM's pass, ours and torch's, and of the products and the tanh that ours makes."""
    import numpy as np

    (T, B, D, H), rng = size, np.random.default_rng(0)
    ours, theirs, _ = _make_passes("lstm", *size)
    x, h, da = (rng.standard_normal((T * B, n), dtype=np.float32) for n in (D, H, 4 * H))
    W_xh, W_hh = (rng.standard_normal((n, 4 * H), dtype=np.float32) for n in (D, H))
    W_hh_T, steps = np.ascontiguousarray(W_hh.T), range(T)

    def products():
        x @ W_xh, da @ W_xh.T, x.T @ da, h.T @ da
        for t in steps:
            h[t * B : (t + 1) * B] @ W_hh
            da[t * B : (t + 1) * B] @ W_hh_T

    gates, c, out = (np.ascontiguousarray(a[: 4 * B]) for a in (h, h, h))

    def tanh():
        for _ in steps:
            np.tanh(gates, out=out)
            np.tanh(c[:B], out=out[:B])

    medians = in_turn([ours, theirs, products, tanh], seconds)
    return dict(zip(("ours", "torch", "products", "tanh"), (1e3 * each for each in medians), strict=True))


def main():
    if len(sys.argv) > 1:  # the process that measures one number of threads, both forms, or the parts
        named = {"forms": _print_forms, "parts": _print_parts}
        named[sys.argv[1]]() if sys.argv[1] in named else _print_rows(int(sys.argv[1]))
        return
    print("cell  threads     T    B    D    H   ours ms   torch ms torch/ours", flush=True)
    for threads in THREADS:
        _run(str(threads), threads)
    print("\ncell      T    B    D    H   fast ms readable ms readable/fast   (1 thread)", flush=True)
    _run("forms", 1)
    print(f"\nLSTM, T, B, D, H = {SIZES[1]}, ms   (1 thread)", flush=True)
    _run("parts", 1)


def _run(what, threads):
    fixed = {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    subprocess.run([sys.executable, __file__, what], env=os.environ | fixed, check=True)


def _print_rows(threads):
    for row in measure(threads):
        numbers = f"{row.ours_ms:9.2f} {row.torch_ms:10.2f} {row.ratio:10.2f}"
        print(f"{row.cell:5s} {row.threads:7d} {_columns(row.size)} {numbers}", flush=True)


def _print_forms():
    for row in measure_forms():
        numbers = f"{row.fast_ms:9.2f} {row.readable_ms:11.2f} {row.factor:13.2f}"
        print(f"{row.cell:5s} {_columns(row.size)} {numbers}", flush=True)


def _print_parts():
    print(", ".join(f"{name} {ms:.1f}" for name, ms in measure_parts().items()), flush=True)


def _columns(size):
    T, B, D, H = size
    return f"{T:5d} {B:4d} {D:4d} {H:4d}"


if __name__ == "__main__":
    main()
