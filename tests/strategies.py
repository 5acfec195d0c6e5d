"""What Hypothesis makes records of."""

from __future__ import annotations

import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs
from hypothesis import strategies as st


def anything(annotation: Any) -> st.SearchStrategy[Any]:
    """Return a strategy of all values of a record's field type."""
    simple = {
        str: st.text(),
        int: st.integers(0, 2**62),  # offsets and indices; no table holds more than 64 bits
        float: st.floats(0, 1),
        types.NoneType: st.none(),
    }
    if annotation in simple:
        return simple[annotation]
    if attrs.has(annotation):
        hints = get_type_hints(annotation)
        return st.builds(annotation, **{f.name: anything(hints[f.name]) for f in attrs.fields(annotation)})
    arguments = get_args(annotation)
    if get_origin(annotation) is Literal:
        return st.sampled_from(arguments)
    if get_origin(annotation) in (Union, types.UnionType):
        return st.one_of(*(anything(argument) for argument in arguments))
    return st.lists(anything(arguments[0]), max_size=3).map(tuple)
