import pytest
import torch

from embeddings.minilm.linear import (
    FloatFeed,
    FloatLinear,
    Int8Feed,
    Int8Linear,
    LinearWeights,
    int8_linear,
)
from embeddings.minilm.processor import precision
from embeddings.minilm.ranges import Range

int8 = pytest.mark.skipif(precision() != "int8", reason="needs a processor with VNNI")


@pytest.fixture
def weights():
    numbers = torch.Generator().manual_seed(1)
    return LinearWeights(torch.randn(16, 32, generator=numbers), torch.randn(16, generator=numbers))


def inputs(rows=8, seed=2):
    return torch.randn(rows, 32, generator=torch.Generator().manual_seed(seed))


def seen(x):
    return Range(x.amin(0), x.amax(0))


def test_a_float_map_is_the_textbook_one(weights):
    x, residual = inputs(), torch.ones(8, 16)
    expected = x @ weights.weight.T + weights.bias

    linear = FloatLinear(weights, torch.float32)

    assert torch.allclose(expected, linear(x), atol=1e-5)
    assert torch.allclose(expected + 1, linear.plus(x, residual), atol=1e-5)


@int8
def test_whole_inputs_and_weights_give_the_exact_product():
    weights = LinearWeights(torch.tensor([[127.0, -2.0], [3.0, 127.0]]), torch.tensor([0.5, -1.0]))
    linear = Int8Linear(weights, steps=torch.ones(2), offsets=torch.tensor([100.0, 0.0]))
    x = torch.tensor([[-100.0, 255.0], [155.0, 7.0]])

    assert (x @ weights.weight.T + weights.bias).tolist() == linear.plus(
        x, torch.zeros(2, 2)
    ).tolist()


@int8
def test_what_is_past_the_range_is_cut_off():
    weights = LinearWeights(torch.tensor([[127.0]]), torch.zeros(1))
    linear = Int8Linear(weights, steps=torch.ones(1), offsets=torch.zeros(1))

    found = linear.plus(torch.tensor([[-3.0], [300.0], [1.5], [1.4]]), torch.zeros(4, 1))

    assert found.tolist() == [[0.0], [127.0 * 255], [127.0 * 2], [127.0]]


@int8
def test_numbers_between_steps_are_rounded_and_each_step_is_reached():
    linear = Int8Linear(
        LinearWeights(torch.ones(1, 1), torch.zeros(1)), torch.tensor([0.5]), torch.tensor([3.0])
    )
    steps = torch.arange(256.0)

    for between in (-0.5, -0.25, 0.0, 0.25):  # x = step (q - offset)
        found = linear.whole((steps[:, None] + between - 3) / 2)
        assert found.dtype == torch.uint8
        assert found[:, 0].tolist() == list(range(256))


@int8
@pytest.mark.parametrize(("dtype", "expected"), [(torch.float32, 1001.5), (torch.bfloat16, 1000)])
def test_it_gives_the_numbers_that_are_asked_for(dtype, expected):
    weights = LinearWeights(torch.tensor([[127.0]]), torch.tensor([-14.5]))
    linear = Int8Linear(weights, torch.ones(1), torch.zeros(1), dtype)

    found = linear(torch.tensor([[8.0]]))

    assert (found.dtype, found.item()) == (dtype, expected)


@int8
def test_int8_is_near_to_float32(weights):
    x = inputs(200)
    x[:, 3] *= 40  # a channel that is far out
    exact = FloatLinear(weights, torch.float32)(x)

    found = int8_linear(weights, seen(x)).plus(x, torch.zeros(200, 16))

    assert (found - exact).norm() / exact.norm() < 0.02


@int8
def test_a_row_does_not_depend_on_the_rows_beside_it(weights):
    x = inputs(50)
    linear = int8_linear(weights, seen(x))

    together = linear.plus(x, torch.zeros(50, 16))

    assert torch.equal(together[7:8], linear.plus(x[7:8], torch.zeros(1, 16)))


@int8
def test_the_whole_feed_forward_block_is_near_to_float32():
    numbers = torch.Generator().manual_seed(4)
    up = LinearWeights(torch.randn(256, 32, generator=numbers), torch.zeros(256))
    up.weight[7] *= 10  # a hidden channel that is far out
    down = LinearWeights(torch.randn(32, 256, generator=numbers), torch.ones(32))
    x = inputs(200)
    hidden = torch.nn.functional.gelu(FloatLinear(up, torch.float32)(x))
    exact = FloatFeed(*(FloatLinear(w, torch.float32) for w in (up, down)))(x.clone())

    found = Int8Feed(up, down, seen(x), seen(hidden))(x.clone())

    assert (found - exact).norm() / exact.norm() < 0.02
