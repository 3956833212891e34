import pytest
import torch

from helpers.models.gpt_bert.gpt import GPT
from helpers.models.gpt_bert.trunk import Sizes
from helpers.models.torch_modules import new_model

torch.set_num_threads(1)  # with another number the last bit may be another


@pytest.fixture
def model():
    return new_model(GPT, Sizes(11, D=8, layers=2, heads=2, T_max=9), seed=0)
