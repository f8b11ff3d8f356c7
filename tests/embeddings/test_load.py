import subprocess
import sys

import pytest

from embeddings import EncoderUnavailable, HashEncoder, Prompts, load


def test_hash_is_the_encoder_without_a_model():
    assert isinstance(load("hash"), HashEncoder)


@pytest.mark.parametrize("model", ["hash", "all-MiniLM-L6-v2", "multilingual-e5-small"])
def test_a_packaged_model_has_no_other_prompts_than_its_own(model):
    with pytest.raises(EncoderUnavailable, match=f"^{model} has no other prompts than its own: "):
        load(model, Prompts(query="query: "))


def test_torch_is_imported_only_by_those_who_need_it():
    code = "import sys, embeddings; embeddings.load('hash'); print('torch' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == "False\n"


@pytest.mark.slow
def test_a_folder_that_is_not_there_is_refused_with_what_mends_it(tmp_path):
    folder = tmp_path / "no" / "model"

    with pytest.raises(EncoderUnavailable) as caught:
        load(str(folder))

    message = str(caught.value)
    assert message.startswith(f"cannot load the model '{folder}': ")
    assert message.endswith(
        "; give a folder or the name of a sentence-transformers model with safetensors weights"
    )


@pytest.mark.slow
def test_an_unknown_name_is_refused_with_what_mends_it():
    with pytest.raises(EncoderUnavailable, match=r"^cannot load the model 'no-such-model-here': "):
        load("no-such-model-here")


@pytest.mark.slow
def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(EncoderUnavailable, match=r"with safetensors weights$"):
        load(str(tmp_path))
