"""Valid calls of helpers.core."""

from itertools import repeat

import numpy as np

from helpers.core import gradient_check, initial_values, numerics, optimisers, params, projection, training
from helpers.layers.linear import LinearParams
from tests.extreme_input.calls import Call, normal


def _one_step(make):
    """One step of an optimiser, which is all that it is for."""

    def step(params, grads, **options):
        optimiser = make(**options)
        return optimiser.step(params, grads, optimiser.start(params))[0]

    return step


def _keeps_shapes(arguments, result):
    wanted = [np.shape(a) for _, a in params.named_arrays(arguments["params"])]
    found = [np.shape(a) for _, a in params.named_arrays(result)]
    return None if found == wanted else f"parameters of shapes {wanted} became {found}"


def _two(rng):
    return LinearParams(normal(rng, 3, 4), normal(rng, 4))


def _sums_to_one(arguments, result):
    sums = result.sum(axis=arguments.get("axis", -1), dtype=np.float64)
    return None if np.all((np.abs(sums - 1) < 1e-2) | (sums == 0)) else f"rows sum to {sums.ravel()[:3]}"


def _square(params):
    return float(sum((a**2).sum() for _, a in _named(params)))


_named, map_params = params.named_arrays, params.map_params


def _quadratic(params):
    return _square(params), map_params(lambda a: 2 * a, params)


CALLS = [
    Call(numerics.sigmoid, lambda rng: {"x": normal(rng, 2, 3)}),
    Call(numerics.softmax, lambda rng: {"x": normal(rng, 2, 3), "axis": 1}, _sums_to_one),
    Call(numerics.softmax, lambda rng: {"x": normal(rng, 2, 3), "mask": rng.random((2, 3)) < 0.7}, _sums_to_one),
    Call(
        numerics.log_softmax,
        lambda rng: {"x": normal(rng, 2, 3), "axis": -1},
        infinite=True,
        judge=lambda a, r: "above 0" if np.any(~(r <= 1e-3)) else None,
    ),
    Call(numerics.logsumexp, lambda rng: {"x": normal(rng, 2, 3), "axis": -1}, infinite=True),
    Call(
        optimisers.sgd,
        lambda rng: {"params": _two(rng), "grads": _two(rng), "rate": 0.1},
        _keeps_shapes,
        via=_one_step(optimisers.sgd),
    ),
    Call(
        optimisers.momentum,
        lambda rng: {"params": _two(rng), "grads": _two(rng), "rate": 0.1, "beta": 0.9},
        _keeps_shapes,
        via=_one_step(optimisers.momentum),
    ),
    Call(
        optimisers.adam,
        lambda rng: {"params": _two(rng), "grads": _two(rng), "rate": 0.1, "beta1": 0.9, "beta2": 0.99, "eps": 1e-8},
        _keeps_shapes,
        via=_one_step(optimisers.adam),
    ),
    Call(optimisers.clip_by_norm, lambda rng: {"grads": _two(rng), "threshold": 1.0}),
    Call(optimisers.clip_by_norm, lambda rng: {"grads": normal(rng, 3), "threshold": 0.5}),
    Call(optimisers.clip_by_value, lambda rng: {"grads": _two(rng), "limit": 0.5}),
    Call(params.map_params, lambda rng: {"*": (np.add, _two(rng), _two(rng))}, left=("*",)),
    Call(
        params.named_arrays,
        lambda rng: {"params": _two(rng), "prefix": "cell"},
        left=("params", "prefix"),
        infinite=True,
    ),
    Call(params.global_norm, lambda rng: {"params": _two(rng)}, infinite=True),  # as it says
    Call(
        gradient_check.check_gradients,
        lambda rng: (
            lambda p: {"loss": _square, "params": p, "grads": params.map_params(lambda a: 2 * a, p), "step": 1e-5}
        )(_two(rng)),
        own_dtype=True,
        infinite=True,
    ),
    Call(
        gradient_check.numerical_gradient,
        lambda rng: {"loss": lambda a: float((a**2).sum()), "array": normal(rng, 3), "step": 1e-5},
        own_dtype=True,
    ),
    # A gradient that is NaN has an error that is NaN, which no check takes for small.
    Call(gradient_check.relative_error, lambda rng: {"found": normal(rng, 3), "wanted": normal(rng, 3)}, infinite=True),
    Call(gradient_check.compare_gradients, lambda rng: {"grads": _two(rng), "reference": _two(rng)}, infinite=True),
    Call(initial_values.identity, lambda rng: {"n": 3, "gain": 0.9, "dtype": np.float64}),
    Call(initial_values.scaled_normal, lambda rng: {"rng": rng, "shape": (3, 2), "scale": 2.0, "dtype": np.float64}),
    Call(initial_values.orthogonal, lambda rng: {"rng": rng, "n": 3, "gain": 0.9, "dtype": np.float64}),
    Call(initial_values.non_normal, lambda rng: {"n": 3, "radius": 0.9, "strength": 2.0, "dtype": np.float64}),
    Call(initial_values.largest_singular_value, lambda rng: {"W": normal(rng, 3, 3)}),
    Call(initial_values.spectral_radius, lambda rng: {"W": normal(rng, 3, 3)}),
    Call(initial_values.with_spectral_radius, lambda rng: {"W": normal(rng, 3, 3), "radius": 0.9}),
    Call(projection.principal_axes, lambda rng: {"X": normal(rng, 5, 3), "n": 2}),
    Call(projection.project, lambda rng: {"X": normal(rng, 5, 3), "axes": normal(rng, 2, 3)}),
    Call(
        training.train,
        lambda rng: {
            "loss_and_grads": _quadratic,
            "params": _two(rng),
            "batches": repeat(()),
            "optimiser": optimisers.sgd(0.1),
            "steps": 3,
            "clip": 1.0,
        },
        lambda a, r: _keeps_shapes(a, r[0]),
        own_dtype=True,
        left=("optimiser",),
    ),
]
