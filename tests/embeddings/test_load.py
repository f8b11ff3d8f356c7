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


# What stands in the way of importing packages of these names, as where they are not installed.
WITHOUT = """
import importlib.machinery as machinery, sys
class Finder(machinery.PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.split(".")[0] in {names} else super().find_spec(name, path, target)
sys.meta_path[:] = [Finder if one is machinery.PathFinder else one for one in sys.meta_path]
"""
EXTRAS = {"sentence_transformers", "transformers", "scipy", "sklearn", "joblib", "pandas"}


def without(names, code):
    """What the code prints in a process where these packages cannot be imported."""
    code = WITHOUT.format(names=names) + code
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.slow
def test_the_packaged_models_need_none_of_the_libraries_that_are_extras(minilm):
    code = """
import embeddings, qa.evaluation.run, qa.evaluation.calibrate
[encoded] = embeddings.load().encode_queries(["harbour pilot"])
[reading] = embeddings.load_reader().read("Who?", [("", "A pilot boards.")])
print(encoded.vector.tobytes().hex(), len(reading.starts))
"""
    [expected] = minilm.encode_queries(["harbour pilot"])

    assert without(EXTRAS, code) == f"{expected.vector.tobytes().hex()} 4\n"


@pytest.mark.slow
def test_another_model_needs_a_library_and_the_error_has_the_command_that_installs_it():
    code = """
import embeddings
try:
    embeddings.load("some/model")
except embeddings.EncoderUnavailable as error:
    print(error)
"""
    assert without(EXTRAS, code) == (
        "the model 'some/model' needs a library that is not installed: "
        f"{sys.executable} -m pip install 'sentence-transformers>=6,<7'\n"
    )


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
