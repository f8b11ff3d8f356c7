import shutil

import numpy as np
import pytest

from embeddings import EncoderUnavailable, Prompts, load
from qa import Corpus

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


@pytest.fixture(scope="module")
def without_pooler(folder, tmp_path_factory):
    """The folder with weights as they are of a model that was trained without a pooler."""
    from safetensors.numpy import load_file, save_file

    other = tmp_path_factory.mktemp("without") / "pooler"
    shutil.copytree(folder, other)
    weights = load_file(other / "model.safetensors")
    kept = {name: weight for name, weight in weights.items() if "pooler" not in name}
    assert len(kept) == len(weights) - 2
    save_file(kept, other / "model.safetensors", metadata={"format": "pt"})
    return other


def test_the_digest_is_of_what_the_files_hold_and_not_of_what_is_made_up(without_pooler, prompted):
    one, other = load(str(without_pooler)), load(str(without_pooler))

    assert one.digest == other.digest != prompted.digest
    assert np.array_equal(
        vectors(one.encode_queries(TEXTS)), vectors(prompted.encode_queries(TEXTS))
    )


def test_a_corpus_of_a_model_without_a_pooler_is_opened_again(without_pooler, tmp_path, document):
    model = {"model": str(without_pooler), "read": "off"}
    with Corpus.open(tmp_path, **model) as corpus:
        corpus.add_batch([document("a", "A pilot boards the ship.")])
    with Corpus.open(tmp_path, **model) as corpus:
        assert [hit.passage.article_id for hit in corpus.ask("pilot").hits] == ["a"]


def test_nothing_is_said_of_a_pooler_that_is_missing(without_pooler, caplog, capfd):
    load(str(without_pooler))

    assert caplog.messages == []
    assert capfd.readouterr().err == ""


def test_weights_that_are_missing_are_told(folder, tmp_path, caplog):
    from safetensors.numpy import load_file, save_file

    other = tmp_path / "other"
    shutil.copytree(folder, other)
    weights = load_file(other / "model.safetensors")
    kept = {name: weight for name, weight in weights.items() if "layer.1.output" not in name}
    save_file(kept, other / "model.safetensors", metadata={"format": "pt"})

    one, another = load(str(other)), load(str(other))

    assert one.digest == another.digest
    assert (
        caplog.messages
        == [
            "the model's files lack 4 of its weights, "
            "0.model.encoder.layer.1.output.LayerNorm.bias among them: these are made up at "
            "random, otherwise at each start"
        ]
        * 2
    )


def test_files_that_call_their_weights_otherwise_are_digested_as_they_are(folder, tmp_path, caplog):
    from safetensors.numpy import load_file, save_file

    def renamed(name, change=0):
        other = tmp_path / name
        shutil.copytree(folder, other)
        weights = load_file(other / "model.safetensors")
        weights = {n.replace("LayerNorm.weight", "LayerNorm.gamma"): w for n, w in weights.items()}
        weights["embeddings.LayerNorm.gamma"][0] += change
        save_file(weights, other / "model.safetensors", metadata={"format": "pt"})
        return load(str(other)).digest

    assert renamed("one") == renamed("other") != renamed("changed", change=1)
    assert caplog.messages == []


def test_prompts_that_are_set_go_before_the_models_own(folder, plain, tmp_path):
    found = load(str(folder), Prompts(query="ask: ", passage=""))

    assert nearly_equal(
        vectors(plain.encode_queries([f"ask: {text}" for text in TEXTS])),
        vectors(found.encode_queries(TEXTS)),
    )
    assert nearly_equal(
        vectors(plain.encode_passages(TEXTS)), vectors(found.encode_passages(TEXTS))
    )
    assert found.digest != load(str(folder)).digest


def test_prompts_that_are_those_of_the_model_change_nothing(folder, prompted):
    assert load(str(folder), Prompts("query: ", "passage: ")).digest == prompted.digest


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "my-e5-small",
            "was trained with prompts and its files name none: set QA_QUERY_PROMPT='query: ' and "
            "QA_PASSAGE_PROMPT='passage: ', then run `qa reindex`",
        ),
        (
            "nomic-embed-text-v1.5",
            "was trained with prompts and its files name none: set QA_QUERY_PROMPT='search_query: "
            "' and QA_PASSAGE_PROMPT='search_document: ', then run `qa reindex`",
        ),
        ("phase5-model", None),
    ],
)
def test_a_model_that_needs_prompts_and_has_none_is_told(name, told, make_model, tmp_path, caplog):
    folder = tmp_path / name
    make_model({}).rename(folder)
    load(str(folder))

    assert caplog.messages == ([f"{folder} {told}"] if told else [])


def test_a_model_that_has_the_prompts_that_it_needs_is_not_told_of_any(
    make_model, tmp_path, caplog
):
    folder = tmp_path / "my-e5-small"
    make_model({}).rename(folder)
    load(str(folder), Prompts("query: ", "passage: "))

    assert caplog.messages == []


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
