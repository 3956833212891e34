"""What several machines send each other in a step, on paper: shares of the batch, of each map, of the layers."""

from fractions import Fraction

from helpers.core.checks import check_integer
from helpers.models.gpt_costs.parameters import parameter_count
from helpers.models.gpt_costs.shapes import check_model_shape


def ring_numbers(n, P):
    """2 n (P − 1) / P numbers that each of P processes sends so that all have the sum of their n numbers; a Fraction.

    See `helpers.models.data_parallel.ring`, which counts them.

    References
    ----------
    Patarasuk and Yuan 2009, "Bandwidth Optimal All-Reduce Algorithms for Clusters of Workstations",
    https://doi.org/10.1016/j.jpdc.2008.09.002
    """
    n, P = check_integer("n", n), check_integer("P", P)
    return Fraction(2 * n * (P - 1), P)


def data_parallel_bytes(shape, P, bytes_each=4):
    """Bytes that each of P processes sends in a step when each reads a share of the batch: the sum of the gradients.

    It does not depend on the batch: the larger the share, the longer is computed for the same bytes.
    """
    return round(ring_numbers(parameter_count(shape), P) * check_integer("bytes_each", bytes_each))


def tensor_parallel_bytes(shape, B, T, P, bytes_each=2):
    """Bytes that each of P processes sends in a step when each has a share of the columns and rows of every map.

    Each layer needs the sum of B T D numbers over the processes four times: after attention and after the feed-forward
    network, and for the gradients of what goes into both.

    References
    ----------
    Shoeybi et al. 2019, "Megatron-LM", section 3, https://arxiv.org/abs/1909.08053
    """
    check_model_shape(shape)
    n = check_integer("B", B) * check_integer("T", T) * int(shape.D)
    return round(4 * int(shape.layers) * ring_numbers(n, P) * check_integer("bytes_each", bytes_each))


def pipeline_bytes(shape, B, T, bytes_each=2):
    """Bytes that one process sends to the next in a step when each has a share of the layers, and as many come back.

    They are the B T D numbers that go into a layer; their gradients come back.
    """
    check_model_shape(shape)
    return check_integer("B", B) * check_integer("T", T) * int(shape.D) * check_integer("bytes_each", bytes_each)


def pipeline_idle_share(stages, pieces):
    """(p − 1) / (m + p − 1), the share of the time for which each of p stages waits, with a batch in m pieces.

    References
    ----------
    Huang et al. 2019, "GPipe", section 2.3, https://arxiv.org/abs/1811.06965
    """
    p, m = check_integer("stages", stages), check_integer("pieces", pieces)
    return (p - 1) / (m + p - 1)
