"""The JSON Schema of the export, derived from the attrs classes."""

from __future__ import annotations

import ast
import inspect
import textwrap
import types
from itertools import pairwise
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from attrs import fields, has

from quotes.records import SCHEMA, ArticleRecord, ErrorRecord
from quotes.records.conversion import DEFAULTED, OPTIONAL

# Constraints that a type cannot express.
LIMITS: dict[str, dict[str, Any]] = {"confidence": {"minimum": 0, "maximum": 1}}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the document that `quotes extract` writes.

    `$defs/ArticleRecord` is the schema of one line of JSON Lines.
    """
    definitions: dict[str, Any] = {}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "Who said what, and how the words reached the article",
        "description": "What `quotes extract --format json` writes. A line of JSON Lines is one $defs/ArticleRecord.",
        "type": "object",
        "properties": {
            "schema": {"const": SCHEMA},
            "articles": {"type": "array", "items": _of_type(ArticleRecord, definitions)},
            "errors": {"type": "array", "items": _of_type(ErrorRecord, definitions)},
        },
        "required": ["schema", "articles", "errors"],
        "additionalProperties": True,
        "$defs": dict(sorted(definitions.items())),
    }


def _of_type(annotation: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a type, adding the record classes that it uses to `definitions`."""
    simple = {str: "string", float: "number", types.NoneType: "null"}
    if annotation in simple:
        return {"type": simple[annotation]}
    if annotation is int:
        # Every integer of a record is an offset or an index.
        return {"type": "integer", "minimum": 0}
    if has(annotation):
        if annotation.__name__ not in definitions:
            definitions[annotation.__name__] = {}
            definitions[annotation.__name__] = _of_class(annotation, definitions)
        return {"$ref": f"#/$defs/{annotation.__name__}"}
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of_type(argument, definitions) for argument in arguments]}
    if origin is tuple and arguments[1:] == (...,):
        return {"type": "array", "items": _of_type(arguments[0], definitions)}
    raise TypeError(f"no JSON Schema for {annotation}; say in quotes/records/schema.py how it is written")


def _of_class(cls: type[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(cls)
    notes = field_docstrings(cls)
    properties = {}
    for attribute in fields(cls):
        name = attribute.name
        note = {"description": notes[name]} if name in notes else {}
        properties[name] = {**_of_type(hints[name], definitions), **LIMITS.get(name, {}), **note}
    return {
        "type": "object",
        "description": " ".join((cls.__doc__ or cls.__name__).split()),
        "properties": properties,
        "required": [n for n in properties if n not in (*OPTIONAL.get(cls, ()), *DEFAULTED.get(cls, ()))],
        "additionalProperties": True,
    }


def field_docstrings(cls: type[Any]) -> dict[str, str]:
    """Return the docstring of each field in the class's source, if any.

    Args:
        cls: a class of `quotes.records`.
    """
    body = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    found = {}
    statements = body.body if isinstance(body, ast.ClassDef) else []
    for statement, after in pairwise(statements):
        match statement, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = " ".join(text.split())
    return found
