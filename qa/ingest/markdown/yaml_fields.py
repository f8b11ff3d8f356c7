"""YAML as front matter has it: without aliases, without dates, our own fields as written."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Any

import yaml  # type: ignore[import-untyped]

from qa.errors import InvalidInput
from qa.ingest.stated.fields import KNOWN


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Safe YAML without aliases, of which a few lines can stand for gigabytes, and without dates:
    they stay as they were written, and an impossible one does not spoil the rest."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, shape) for tag, shape in shapes if tag != "tag:yaml.org,2002:timestamp"]
        for first, shapes in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="aliases are not supported", problem_mark=mark)
        return super().compose_node(parent, index)


def load(front: str) -> Any:
    """What the YAML says; of a mapping, our own fields as they were written.

    Raises InvalidInput "bad_front_matter" with the line.
    """
    loader = _Loader(front)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        found = loader.construct_document(node)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or type(error).__name__
        reason = f"the front matter is not valid YAML: {place}{problem}"
        raise InvalidInput(reason, code="bad_front_matter") from error
    finally:
        loader.dispose()
    return _with_texts(found, node) if isinstance(found, Mapping) else found


def _with_texts(found: Mapping[Any, Any], node: yaml.MappingNode) -> dict[str, Any]:
    """The mapping, our own fields as they were written: id 007 is not 7, language no not False."""
    written = {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
    ours = {
        key
        for key in found
        if str(key).lower() in KNOWN and not isinstance(found[key], NoneType | Mapping)
    }
    return {
        str(key): _written(written[key]) if key in ours else value for key, value in found.items()
    }


def _written(node: yaml.Node) -> Any:
    """A node with every scalar as the text that stands there."""
    if isinstance(node, yaml.SequenceNode):
        return [_written(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(_written(key)): _written(value) for key, value in node.value}
    return node.value
