"""Writes what follows from something else: the models from the service's OpenAPI document, and the
client that waits from the one that is awaited.

    python client/generate.py                    # after a change of the API or of async_client.py
    python client/generate.py --document FILE    # the OpenAPI document alone
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "src" / "footnote"
_NOTE = "# Written by client/generate.py: change that, or what it reads.\n"
_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_EMPTY = {"array": "list", "object": "dict"}
# What is awaited -> what waits. In this order.
_SYNCHRONOUS = (
    (r"\bAsyncIterator, Iterable,", "Iterable, Iterator,"),
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\bAsyncClient\b", "Client"),
    (r"\bAsyncIterator\b", "Iterator"),
    (r"\bAsyncBaseTransport\b", "BaseTransport"),
    (r"\b__a(enter|exit)__\b", r"__\1__"),
    (r"\baclose\b", "close"),
    (r"\banyio\.sleep\b", "time.sleep"),
    (r"\bimport anyio\n\n?", ""),
    (r"^from collections\.abc", "import time\nfrom collections.abc"),
    (r"that is awaited", "that waits"),
)


def models(document: dict[str, Any]) -> str:
    """The module of all schemas of an OpenAPI document, as Pydantic models."""
    schemas = document["components"]["schemas"]
    bases = "\n\n\n".join(_model(name, schema) for name, schema in schemas.items())
    return (
        f'"""What the service takes and gives, by the names of its document."""\n\n{_NOTE}\n'
        "from __future__ import annotations\n\n"
        "from typing import Any, Literal\n\n"
        "from pydantic import BaseModel, ConfigDict, Field\n\n\n"
        "class Model(BaseModel):\n"
        '    """What a newer service says besides is kept."""\n\n'
        '    model_config = ConfigDict(extra="allow")\n\n\n'
        f"{bases}\n"
    )


def _model(name: str, schema: dict[str, Any]) -> str:
    lines = [f"class {name}(Model):"]
    if said := schema.get("description"):
        lines += [f'    """{_one_line(said)}"""', ""]
    required = schema.get("required", ())
    properties = schema.get("properties", {})
    # Fields that must be given stand first, as in a signature.
    for field, kind in sorted(properties.items(), key=lambda pair: pair[0] not in required):
        lines.append(f"    {field}: {_type(kind)}{_default(kind, field in required)}")
    return "\n".join(lines if properties or said else [*lines, "    pass"])


def _default(kind: dict[str, Any], required: bool) -> str:
    said = f"description={_one_line(kind['description'])!r}" if "description" in kind else ""
    given = f"default={kind.get('default')!r}"
    if kind.get("type") in _EMPTY and "default" not in kind:
        given = f"default_factory={_EMPTY[kind['type']]}"
    stated = ", ".join(filter(None, ("" if required else given, said)))
    return f" = Field({stated})" if stated else ""


def _type(kind: dict[str, Any]) -> str:
    if "$ref" in kind:
        return str(kind["$ref"]).rpartition("/")[2]
    if "anyOf" in kind:
        return " | ".join(dict.fromkeys(map(_type, kind["anyOf"])))
    if "enum" in kind or "const" in kind:
        values = kind.get("enum", [kind.get("const")])
        # A newer service may have one more.
        return f"Literal[{', '.join(map(repr, values))}] | str"
    if kind.get("type") == "array":
        return f"list[{_type(kind.get('items', {}))}]"
    if kind.get("type") == "object":
        more = kind.get("additionalProperties")
        return f"dict[str, {_type(more)}]" if isinstance(more, dict) else "dict[str, Any]"
    return _TYPES.get(kind.get("type", ""), "Any")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def synchronous(source: str) -> str:
    """The source of the client that waits, from that of the one that is awaited."""
    for pattern, replacement in _SYNCHRONOUS:
        source = re.sub(pattern, replacement, source, flags=re.MULTILINE)
    head, _, rest = source.partition("\n\n")
    return f"{head}\n\n{_NOTE}\n{rest}"


def document() -> dict[str, Any]:
    """The OpenAPI document of a service as it comes."""
    from qa.api import create_app
    from qa.settings import Settings

    return create_app(Settings(model="hash", _env_file=None)).openapi()


def written() -> dict[str, str]:
    """Both modules by their names, in the project's format."""
    awaited = (HERE / "async_client.py").read_text("utf-8")
    made = {"models.py": models(document()), "client.py": synchronous(awaited)}
    return {name: _formatted(source) for name, source in made.items()}


def _formatted(source: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", "client.py", "-"]
    run = subprocess.run(command, input=source, capture_output=True, text=True, check=True)
    return run.stdout


def main() -> None:
    """Writes them, or the document."""
    if sys.argv[1:2] == ["--document"]:
        Path(sys.argv[2]).write_text(json.dumps(document(), indent=1), "utf-8")
        return
    for name, source in written().items():
        (HERE / name).write_text(source, "utf-8")


if __name__ == "__main__":
    main()
