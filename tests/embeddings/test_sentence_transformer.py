import shutil

import numpy as np
import pytest

from embeddings import EncoderUnavailable, load

pytestmark = pytest.mark.slow

LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ",", ":", "ship", "pilot", "passage"]
VOCABULARY = [*WORDS, *LETTERS, *(f"##{letter}" for letter in LETTERS)]
PROMPTS = {"query": "query: ", "document": "passage: "}
TEXTS = ["Pilot, ship.", "A ship boards a pilot", "xyz"]


@pytest.fixture(scope="module")
def make_model(tmp_path_factory):
    """Saves a BERT of two layers with random weights and gives its folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel, BertTokenizerFast  # type: ignore[attr-defined]

    plain = tmp_path_factory.mktemp("plain")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(plain)
    vocabulary = {word: number for number, word in enumerate(VOCABULARY)}
    BertTokenizerFast(vocab=vocabulary, model_max_length=32).save_pretrained(plain)

    def make(prompts):
        folder = tmp_path_factory.mktemp("model")
        SentenceTransformer(str(plain), device="cpu", prompts=prompts).save(str(folder))
        return folder

    return make


@pytest.fixture(scope="module")
def folder(make_model):
    return make_model(PROMPTS)


@pytest.fixture(scope="module")
def prompted(folder):
    return load(str(folder))


@pytest.fixture(scope="module")
def plain(make_model):
    return load(str(make_model({})))


def nearly_equal(one, other):
    return np.allclose(one, other, atol=1e-2)  # the passages' copy may compute in bfloat16


def vectors(encoded):
    return np.array([one.vector for one in encoded])


def test_a_model_is_loaded_by_its_folder(folder, prompted):
    assert (str(folder), 32) == (prompted.name, prompted.dimension)


def test_a_passage_is_encoded_with_its_prompt(prompted, plain):
    expected = vectors(plain.encode_passages([f"passage: {text}" for text in TEXTS]))
    found = vectors(prompted.encode_passages(TEXTS))

    assert nearly_equal(expected, found)
    assert not nearly_equal(vectors(plain.encode_passages(TEXTS)), found)


def test_a_query_is_encoded_with_its_prompt(prompted, plain):
    expected = vectors(plain.encode_queries([f"query: {text}" for text in TEXTS]))
    found = vectors(prompted.encode_queries(TEXTS))

    assert nearly_equal(expected, found)
    assert not nearly_equal(vectors(plain.encode_queries(TEXTS)), found)


def test_no_text_gives_no_vectors(prompted):
    assert prompted.encode_passages([]) == []
    assert prompted.encode_queries([]) == []


def test_room_is_left_for_prompt_and_special_tokens(prompted, plain):
    assert plain.max_tokens == 32 - 2
    assert 32 - 2 - len(["passage", ":"]) == prompted.max_tokens


def test_just_so_many_tokens_are_read(prompted):
    words = ["pilot"] * prompted.max_tokens
    texts = [" ".join(words), " ".join([*words[:-1], "ship"]), " ".join([*words, "ship"])]
    full, other_end, longer = vectors(prompted.encode_passages(texts))

    assert nearly_equal(full, longer)
    assert not nearly_equal(full, other_end)


def test_token_vectors_are_those_of_the_text_without_its_prompt(prompted, plain):
    passage = prompted.encode_passages(["Pilot, ship."])[0].tokens
    expected = plain.encode_passages(["passage: Pilot, ship."])[0].tokens

    assert passage.spans.tolist() == [[0, 5], [5, 6], [7, 11], [11, 12]]
    assert nearly_equal(expected.vectors[2:], passage.vectors)
    query = prompted.encode_queries(["Pilot, ship."])[0].tokens
    assert passage.spans.tolist() == query.spans.tolist()
    assert nearly_equal(
        plain.encode_queries(["query: Pilot, ship."])[0].tokens.vectors[len("query:") :],
        query.vectors,
    )


def test_token_vectors_past_the_last_token_that_is_read_are_missing(prompted):
    passage = prompted.encode_passages(["pilot " * 40])[0].tokens
    query = prompted.encode_queries(["pilot " * 40])[0].tokens

    assert [[6 * n, 6 * n + 5] for n in range(28)] == passage.spans.tolist()
    assert [[6 * n, 6 * n + 5] for n in range(32 - 2 - len("query:"))] == query.spans.tolist()


def test_the_digest_is_that_of_weights_and_prompts(folder, prompted, plain, tmp_path):
    from safetensors.numpy import load_file, save_file

    other = tmp_path / "other"
    shutil.copytree(folder, other)
    weights = load_file(other / "model.safetensors")
    weights["pooler.dense.bias"][0] += 1
    save_file(weights, other / "model.safetensors", metadata={"format": "pt"})

    assert prompted.digest == load(str(folder)).digest
    assert len({prompted.digest, plain.digest, load(str(other)).digest}) == 3


def test_weights_that_are_pickled_are_never_read(folder, tmp_path):
    import torch
    from safetensors.torch import load_file

    other = tmp_path / "other"
    shutil.copytree(folder, other)
    torch.save(load_file(other / "model.safetensors"), other / "pytorch_model.bin")
    (other / "model.safetensors").unlink()

    with pytest.raises(EncoderUnavailable, match=r"model\.safetensors"):
        load(str(other))


def test_code_that_comes_with_a_model_is_never_run(folder, tmp_path):
    other, mark = tmp_path / "other", tmp_path / "was run"
    shutil.copytree(folder, other)
    modules = (other / "modules.json").read_text("utf-8")
    [line] = [line for line in modules.splitlines() if "Transformer" in line]
    custom = '"type": "custom.Custom"'
    (other / "modules.json").write_text(modules.replace(line.strip(), custom), "utf-8")
    (other / "custom.py").write_text(f"open({str(mark)!r}, 'w').close()\n", "utf-8")

    with pytest.raises(EncoderUnavailable):
        load(str(other))
    assert not mark.exists()
