from pathlib import Path

import pytest
from pydantic import ValidationError

from qa.api.hosts import read_names
from qa.errors import InvalidInput
from qa.settings import Settings


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path, monkeypatch):
    """No setting comes from outside the test."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"QA_{name.upper()}", raising=False)


def test_the_defaults():
    assert Settings().model_dump() == {
        "data": Path("data"),
        "cache": None,
        "read_only": False,
        "work": True,
        "host": "127.0.0.1",
        "uds": None,
        "port": 8000,
        "model": "all-MiniLM-L6-v2",
        "api_keys": [],
        "allowed_hosts": [],
        "cors_origins": [],
        "trusted_proxies": [],
        "root_path": "",
        "tls_cert": None,
        "tls_key": None,
        "threshold": None,
        "query_prompt": None,
        "passage_prompt": None,
        "read": None,
        "mcp": False,
        "max_body_bytes": 10_485_760,
        "max_article_bytes": 5_242_880,
        "max_parse_seconds": 60,
        "max_parse_memory_bytes": 1_073_741_824,
        "max_pending_bytes": 8_388_608,
        "max_concurrent": 40,
        "batch_seconds": 30.0,
        "max_connections": 512,
        "header_seconds": 10,
        "body_seconds": 30,
        "log_format": "text",
        "log_queries": False,
        "audit_log": None,
    }


def test_the_environment_sets_them(monkeypatch):
    monkeypatch.setenv("QA_DATA", "/srv/corpus")
    monkeypatch.setenv("QA_HOST", "::1")
    monkeypatch.setenv("QA_PORT", "9000")
    monkeypatch.setenv("QA_MODEL", "hash")
    monkeypatch.setenv("QA_MAX_BODY_BYTES", "1000")
    monkeypatch.setenv("QA_LOG_FORMAT", "json")
    monkeypatch.setenv("QA_READ", "fast")
    settings = Settings()

    assert (settings.data, settings.host, settings.port) == (Path("/srv/corpus"), "::1", 9000)
    assert (settings.model, settings.max_body_bytes, settings.log_format) == ("hash", 1000, "json")
    assert settings.read == "fast"


def written(folder, text):
    folder.mkdir(exist_ok=True)
    (folder / ".env").write_text(text, "utf-8")
    return folder


def test_a_file_in_the_corpus_sets_them_and_the_environment_wins(tmp_path, monkeypatch):
    written(tmp_path / "data", "QA_PORT=9001\nQA_MODEL=hash\nQA_OF_NO_KIND=1\nOTHER=2\n")
    monkeypatch.setenv("QA_MODEL", "another")

    assert (Settings().port, Settings().model) == (9001, "another")


def test_a_file_in_the_folder_that_one_stands_in_sets_nothing(tmp_path):
    written(tmp_path, "QA_PORT=9001\nQA_MODEL=/tmp/anybody's\nQA_DATA=elsewhere")

    assert (Settings().port, Settings().model, Settings().data) == (
        8000,
        "all-MiniLM-L6-v2",
        Path("data"),
    )


def test_the_corpus_that_is_named_decides_which_file_is_read(tmp_path, monkeypatch):
    for port, name in [(9001, "one"), (9002, "two"), (9003, "data")]:
        written(tmp_path / name, f"QA_PORT={port}")
    monkeypatch.setenv("QA_DATA", str(tmp_path / "one"))

    assert Settings().port == 9001
    assert Settings(data=tmp_path / "two").port == 9002
    monkeypatch.delenv("QA_DATA")
    assert Settings().port == 9003


def test_the_file_of_the_project_may_name_the_corpus_whose_file_wins(tmp_path, monkeypatch):
    corpus = written(tmp_path / "corpus", "QA_PORT=9001")
    project = written(tmp_path / "project", f"QA_DATA={corpus}\nQA_PORT=1\nQA_MODEL=hash")
    monkeypatch.setattr("qa.settings._PROJECT", project)
    assert Settings().port == 8000  # installed, and no checkout

    (project / "pyproject.toml").touch()
    assert (Settings().data, Settings().port, Settings().model) == (corpus, 9001, "hash")


def test_what_is_given_wins_over_the_environment(monkeypatch):
    monkeypatch.setenv("QA_PORT", "9001")

    assert Settings(port=9002).port == 9002


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("one", ["one"]),
        ("one,two", ["one", "two"]),
        (" one , two ,, ", ["one", "two"]),
        ("", []),
        (" , ", []),
        ('["one"]', ['["one"]']),
    ],
)
def test_keys_are_separated_by_commas(monkeypatch, value, expected):
    monkeypatch.setenv("QA_API_KEYS", value)

    assert [key.get_secret_value() for key in Settings().api_keys] == expected


def test_keys_are_never_shown(monkeypatch):
    monkeypatch.setenv("QA_API_KEYS", "very-secret,other-secret")
    settings = Settings()

    for shown in (
        repr(settings),
        str(settings),
        str(settings.model_dump()),
        settings.model_dump_json(),
    ):
        assert "secret" not in shown.replace("SecretStr", "")


def test_a_password_in_an_address_is_not_said():
    with pytest.raises(InvalidInput) as caught:
        read_names(["http://me:secret@host"])
    assert caught.value.message.startswith("QA_ALLOWED_HOSTS: 'host' is not a name")
    with pytest.raises(ValidationError) as refused:
        Settings(data="s3://me:secret@host")
    assert "secret" not in refused.value.errors()[0]["msg"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QA_PORT", "x"),
        ("QA_PORT", "-1"),
        ("QA_PORT", "65536"),
        ("QA_THRESHOLD", "1.5"),
        ("QA_READ", "on"),
        ("QA_READ", ""),
        ("QA_MAX_BODY_BYTES", "0"),
        ("QA_MAX_ARTICLE_BYTES", "-5"),
        ("QA_MAX_PARSE_SECONDS", "0"),
        ("QA_MAX_PARSE_MEMORY_BYTES", "-1"),
        ("QA_MAX_PENDING_BYTES", "0"),
        ("QA_MAX_CONCURRENT", "0"),
        ("QA_MAX_CONNECTIONS", "0"),
        ("QA_HEADER_SECONDS", "0"),
        ("QA_BODY_SECONDS", "soon"),
        ("QA_ROOT_PATH", "notes/"),
        ("QA_TRUSTED_PROXIES", "*"),
        ("QA_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("QA_LOG_QUERIES", "perhaps"),
        ("QA_LOG_FORMAT", "xml"),
        ("QA_LOG_FORMAT", "jsonl"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_its_name(monkeypatch, name, value):
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError) as caught:
        Settings()
    assert [error["loc"] for error in caught.value.errors()] == [(name[3:].lower(),)]


LOOPBACK = ["127.0.0.1", "127.8.9.10", "::1", "localhost"]
OPEN = ["0.0.0.0", "::", "192.168.1.5", "example.org", "", "127.0.0.1.example.org", "2130706433"]


@pytest.mark.parametrize(
    ("host", "expected"), [*((h, True) for h in LOOPBACK), *((h, False) for h in OPEN)]
)
def test_loopback_is_what_no_other_machine_can_reach(host, expected):
    assert Settings(host=host).loopback is expected


@pytest.mark.parametrize("host", LOOPBACK)
def test_on_loopback_no_key_is_needed(host):
    Settings(host=host).refuse_open_door()


@pytest.mark.parametrize("host", OPEN)
def test_elsewhere_a_key_is_needed(host, monkeypatch):
    with pytest.raises(
        InvalidInput, match="can be reached from other machines: set QA_API_KEYS"
    ) as e:
        Settings(host=host).refuse_open_door()
    assert e.value.code == "keys_required"

    monkeypatch.setenv("QA_API_KEYS", "0123456789abcdef")
    Settings(host=host).refuse_open_door()


@pytest.mark.parametrize("given", [{"tls_cert": "c.pem"}, {"tls_key": "k.pem"}])
def test_half_a_certificate_is_refused(given):
    with pytest.raises(InvalidInput, match="set QA_TLS_CERT and QA_TLS_KEY, or neither") as e:
        Settings(**given).refuse_open_door()
    assert e.value.code == "invalid_tls"


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_short_key_is_refused_on_any_address(host):
    with pytest.raises(InvalidInput, match=r"make one with: python -c .*token_urlsafe") as e:
        Settings(host=host, api_keys="short").refuse_open_door()
    assert e.value.code == "invalid_keys"
