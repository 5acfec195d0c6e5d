"""Convert records to plain dictionaries and back with cattrs, from the fields of `quotes.records`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, cast, overload

from attrs import has
from cattrs import ClassValidationError, Converter, IterableValidationError, transform_error
from cattrs.gen import make_dict_unstructure_fn, override

from quotes.errors import InputError
from quotes.records import Article, ArticleRecord, Quote, Speaker

T = TypeVar("T")

# Fields that an export omits if None: those of `--with-text` and `--clean`, and rare ones.
OPTIONAL: dict[type[Any], tuple[str, ...]] = {Article: ("text", "cleaned", "found_by"), Speaker: ("pronoun",)}
# Fields that are always written, and get their default if an older file lacks them.
DEFAULTED = {Quote: ("stance",)}


def to_dict(record: Any) -> dict[str, Any]:
    """Return a record as dictionaries, lists, strings and numbers, in the order of its fields.

    Args:
        record: an ArticleRecord or any other record of `quotes.records`.

    Raises:
        TypeError: if `record` is not a record.
    """
    if not has(type(record)):
        raise TypeError(f"to_dict takes a record of quotes.records, not {type(record).__name__}")
    return cast("dict[str, Any]", _converter().unstructure(record))


@overload
def from_dict(data: Mapping[str, Any]) -> ArticleRecord: ...
@overload
def from_dict(data: Mapping[str, Any], *, kind: type[T]) -> T: ...
def from_dict(data: Mapping[str, Any], *, kind: type[Any] = ArticleRecord) -> Any:
    """Return the record of a dictionary from `to_dict`; fields that this version does not know are ignored.

    Args:
        data: the result of `to_dict`, or the same read from JSON.
        kind: the record's class.

    Raises:
        InputError: if a field is missing or of the wrong type; the message names every such field.
    """
    try:
        return _converter().structure(data, kind)
    except (ClassValidationError, IterableValidationError) as error:
        faults = "; ".join(transform_error(error, format_exception=_fault))
        raise InputError(f"no valid {kind.__name__}: {faults}") from error
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"no valid {kind.__name__}: {error}") from error


@cache
def _converter() -> Converter:
    converter = Converter(unstruct_collection_overrides={tuple: list})
    for cls, names in OPTIONAL.items():
        left_out: Any = {name: override(omit_if_default=True) for name in names}
        hook = make_dict_unstructure_fn(cls, converter, **left_out)
        converter.register_unstructure_hook(cls, hook)
    # cattrs would call str(None) and get "None": here a wrong type is a fault.
    converter.register_structure_hook(str, _exactly(str))
    converter.register_structure_hook(int, _exactly(int))
    converter.register_structure_hook(bool, _truth)
    converter.register_structure_hook(float, _finite)
    converter.register_structure_hook_factory(has, lambda cls: _from_mapping(cls, converter))
    return converter


def _from_mapping(cls: type[Any], converter: Converter) -> Any:
    """Return cattrs' hook for the class, but refuse lists and strings in place of dictionaries."""
    hook = converter.gen_structure_attrs_fromdict(cls)

    def structure(value: Any, kind: type[Any]) -> Any:
        if not isinstance(value, Mapping):
            raise TypeError(f"must be a dictionary of {cls.__name__}'s fields, is {type(value).__name__}")
        return hook(value, kind)

    return structure


def _exactly(*types: type[Any]) -> Any:
    def check(value: Any, _: Any) -> Any:
        if not isinstance(value, types) or isinstance(value, bool):
            raise TypeError(f"must be {types[-1].__name__}, is {type(value).__name__}")
        return value

    return check


def _finite(value: Any, _: Any) -> float:
    try:
        number = float(_exactly(int, float)(value, float))
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError("must be a finite number")
    return number


def _truth(value: Any, _: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"must be bool, is {type(value).__name__}")
    return value


def _fault(error: BaseException, _: Any) -> str:
    return f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
