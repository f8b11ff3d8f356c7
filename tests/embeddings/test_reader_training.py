"""What the reader is trained with: targets, losses, and batches, on small ones by hand."""

import math
import random

import pytest
import torch
from safetensors.torch import load_file, save_file

from embeddings.minilm.weights import encoder_weights
from tests.bench.training.reader.__main__ import averaged
from tests.bench.training.reader.batches import Batch, Maker, batches
from tests.bench.training.reader.examples import Example, Passage, read, write
from tests.bench.training.reader.losses import losses, taught
from tests.bench.training.reader.network import (
    Layer,
    Layout,
    Network,
    Outputs,
    _attend_in_grid,
    cut,
)
from tests.bench.training.reader.train import tokenizer

PILOT = Passage("A pilot guides ships.", "Pilots", spans=((2, 7),))
BREAD = Passage("Bread is baked.", "Bread")
ASKED = Example("made", "Who guides ships?", (PILOT,), (BREAD,), 0)
STATED = Example("made", "Bread is raw.", (Passage("Bread is baked.", known=False),), says=1)
DECEIVES = Example("made", "Who guides planes?", (Passage("A pilot guides ships."),))
LETTERS = ["[CLS] who guides ships ? [SEP] pilots", "a pilot guides ships . [SEP]"]


@pytest.fixture(scope="module")
def maker():
    return Maker(tokenizer())


@pytest.fixture(scope="module")
def words():
    return tokenizer()


def test_examples_are_read_as_they_were_written(tmp_path):
    examples = [ASKED, STATED, DECEIVES]

    assert write(tmp_path / "examples.jsonl", examples) == 3
    assert list(read(tmp_path / "examples.jsonl")) == examples


def test_targets_stand_at_the_tokens_of_the_answer_and_at_the_first_where_there_is_none(
    maker, words
):
    group = maker.group(ASKED)
    own, other = group.pairs

    tokens = [words.id_to_token(token) for token in own.tokens]
    assert " ".join(tokens) == " ".join(LETTERS)
    assert tokens[own.starts[0] : own.ends[0] + 1] == ["pilot"]
    assert (own.passage, own.kinds.tolist()) == (6, [0] * 6 + [1] * 7)
    assert (other.starts, other.ends, other.weight) == ([0], [0], 0.4)
    assert (group.relevant, group.says, group.answers) == (0, None, 1.0)


def test_a_statement_has_no_words_and_what_deceives_has_none_that_answer(maker):
    stated, deceives = maker.group(STATED), maker.group(DECEIVES)

    assert (stated.pairs[0].starts, stated.says, stated.answers) == (None, 1, 1.0)
    assert (deceives.pairs[0].starts, deceives.pairs[0].weight) == ([0], 1.0)
    assert (deceives.says, deceives.answers) == (None, 0.0)


def test_a_batch_is_one_row_of_tokens_and_its_parts_are_all_of_it(maker):
    [batch] = batches([ASKED, STATED, DECEIVES], maker, 1000)

    made = batch.tensors()
    assert made.layout.lengths == [13, 12, 11, 12]
    assert made.group.tolist() == [0, 0, 1, 2]
    assert made.place.tolist() == [0, 1, 0, 0]
    assert made.relevant.tolist() == [0, -1, -1]
    assert made.says.tolist() == [-1, 1, -1]
    assert made.answers.tolist() == [1.0, 1.0, 0.0]
    assert made.weights.tolist() == pytest.approx([1.0, 0.4, 0.0, 1.0])
    assert torch.nonzero(made.right[:, 0])[:, 0].tolist() == [8, 13, 36]
    parts = [batch.part(number, 2) for number in (0, 1)]
    assert sorted(len(part.pairs) for part in parts) == [2, 2]


def _outputs(batch, spans=0.0):
    tokens, pairs = len(batch.tokens), len(batch.group)
    return Outputs(torch.full((tokens, 2), spans), torch.zeros(pairs), torch.zeros(pairs, 3))


def test_losses_of_outputs_that_know_nothing(maker):
    [made] = [b.tensors() for b in batches([ASKED, STATED, DECEIVES], maker, 1000)]

    found = losses(made, _outputs(made))

    # Of the first pair seven tokens are open (one for none, six of title and passage), of the
    # second six, of the last six.
    sizes = [int(made.open[a:b].sum()) for a, b in ((0, 13), (13, 25), (36, 48))]
    assert sizes == [7, 6, 6]
    expected = (math.log(7) + 0.4 * math.log(6) + math.log(6)) / 2.4
    assert float(found["span"]) == pytest.approx(expected, abs=1e-4)
    assert float(found["list"]) == pytest.approx(math.log(2), abs=1e-6)
    assert float(found["point"]) == pytest.approx(math.log(2), abs=1e-6)
    assert float(found["says"]) == pytest.approx(math.log(3), abs=1e-6)


def test_losses_vanish_where_the_outputs_are_sure_and_right(maker):
    [made] = [b.tensors() for b in batches([ASKED, STATED, DECEIVES], maker, 1000)]
    right = Outputs(
        torch.where(made.right, 50.0, -50.0),
        torch.tensor([50.0, -50.0, 50.0, -50.0]),
        torch.tensor([[0.0, 0, 0], [0, 0, 0], [-50, 50, -50], [0, 0, 0]]),
    )

    assert all(float(loss) < 1e-6 for loss in losses(made, right).values())
    wrong = right._replace(relevance=-right.relevance)
    assert float(losses(made, wrong)["list"]) == pytest.approx(100.0)


def test_a_teacher_that_finds_the_same_leaves_its_own_doubt(maker):
    [made] = [b.tensors() for b in batches([ASKED], maker, 1000)]
    even = _outputs(made)

    found = taught(made, even, even)

    assert float(found["span"]) == pytest.approx((math.log(7) + math.log(6)) / 2, abs=1e-4)
    assert float(found["list"]) == pytest.approx(math.log(2), abs=1e-6)
    assert float(found["says"]) == 0.0


def test_attention_in_a_grid_is_that_of_each_pair_for_itself():
    torch.manual_seed(0)
    network, layout = Network(encoder_weights()), Layout.of([5, 11, 3])
    x = torch.randn(19, 384)
    layer = network.layers[0]
    assert isinstance(layer, Layer)
    q, k, v = (layer.map(f"attention_self_{n}", x) for n in ("query", "key", "value"))

    together = _attend_in_grid(q, k, v, layout)

    at = 0
    for length in layout.lengths:
        one = slice(at, at + length)
        alone = _attend_in_grid(q[one], k[one], v[one], Layout.of([length]))
        assert torch.allclose(together[one], alone, atol=1e-5)
        at += length


def test_epochs_draw_other_passages_and_nothing_is_drawn_without_chance(maker):
    many = Example("made", "Who?", (PILOT,), tuple(Passage(f"No. {n}.") for n in range(6)), 0)

    assert len(maker.group(many).pairs) == 7
    drawing = Maker(tokenizer())
    drawing.begin(random.Random(1), 2)
    drawn = {tuple(drawing.group(many).pairs[1].tokens.tolist()) for _ in range(20)}
    assert len(drawn) > 2
    assert isinstance(Batch().pairs, list)


def test_the_mean_of_weights(tmp_path):
    for name, value in (("a", 1.0), ("b", 2.0)):
        save_file({"w": torch.full((2,), value)}, tmp_path / name)

    mean = averaged([tmp_path / "a", tmp_path / "b"], tmp_path / "mean")
    assert load_file(mean)["w"].tolist() == [1.5, 1.5]


def test_a_reader_of_fewer_layers_begins_with_some_of_a_whole_one():
    whole, fewer = Network(encoder_weights()), Network(encoder_weights(), 3)
    with torch.no_grad():
        for n, layer in enumerate(whole.layers):
            for value in layer.parameters():
                value.fill_(n)
        whole.relevance.bias.fill_(7)

    fewer.take(cut(whole.named_weights(), 3))

    told = [
        {float(value.detach().mean()) for value in layer.parameters()} for layer in fewer.layers
    ]
    assert told == [{0.0}, {2.0}, {5.0}]
    assert float(fewer.relevance.bias.detach()) == 7
