"""Check the token conditions of patterns: spaCy's attributes, operators, relations, and roles of channel patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from quotes.lexicon.tables import ROLE_ATTRIBUTE, ROLES, ChannelPattern, StancePattern, StatementPattern

# Token attributes of spaCy's Matcher (spaCy's usage guide, "Token patterns").
TOKEN_ATTRIBUTES = frozenset(
    {
        "ORTH", "TEXT", "NORM", "LOWER", "LENGTH", "IS_ALPHA", "IS_ASCII", "IS_DIGIT", "IS_LOWER", "IS_UPPER",
        "IS_TITLE", "IS_PUNCT", "IS_SPACE", "IS_STOP", "IS_SENT_START", "SENT_START", "LIKE_NUM", "LIKE_URL",
        "LIKE_EMAIL", "SPACY", "POS", "TAG", "MORPH", "DEP", "LEMMA", "SHAPE", "ENT_TYPE", "ENT_IOB", "ENT_ID",
        "ENT_KB_ID", "_", "OP", "IS_QUOTE", "IS_LEFT_PUNCT", "IS_RIGHT_PUNCT", "IS_BRACKET", "IS_CURRENCY", "PREFIX",
        "SUFFIX",
    }
)  # fmt: skip
_OPERATOR = re.compile(r"[!?+*1]|\{\d*(?:,\d*)?\}")
RELATIONS = frozenset(
    {"<", ">", "<<", ">>", ".", ".*", ";", ";*", "$+", "$-", "$++", "$--"}
    | {">+", ">-", ">++", ">--", "<+", "<-", "<++", "<--"}
)
DEPENDENCY_KEYS = frozenset({"LEFT_ID", "REL_OP", "RIGHT_ID", "RIGHT_ATTRS"})


def _check_role(entry: StatementPattern | ChannelPattern | StancePattern, asked: Any, where: str) -> Iterator[str]:
    """Yield the faults of `_ = { quotes_role = "cue" }`."""
    if not isinstance(entry, ChannelPattern):
        yield f"{where}: _: only a channel pattern may ask for roles; a statement pattern finds them"
        return
    if not isinstance(asked, dict) or asked.keys() != {ROLE_ATTRIBUTE}:
        yield f"{where}: _: must be {{ {ROLE_ATTRIBUTE} = … }}"
        return
    value = asked[ROLE_ATTRIBUTE]
    listed = value.get("IN", value.get("NOT_IN")) if isinstance(value, dict) else [value]
    if not isinstance(listed, list) or not listed or not all(role in ROLES for role in listed):
        yield f"{where}: _: {ROLE_ATTRIBUTE} must be one of {', '.join(ROLES)}, or {{ IN = […] }} or {{ NOT_IN = […] }}"


def _wrong_type(node: Mapping[str, Any]) -> str | None:
    """Return a type error in a dependency pattern's node, or None."""
    for name in ("LEFT_ID", "REL_OP", "RIGHT_ID"):
        if not isinstance(node.get(name, ""), str):
            return f"{name}: must be a string"
    return None if isinstance(node.get("RIGHT_ATTRS", {}), dict) else "RIGHT_ATTRS: must be a table"


def check_tokens(entry: StatementPattern | ChannelPattern, where: str, faults: list[str]) -> None:
    """Check the token conditions of a pattern.

    Args:
        entry: the pattern.
        where: its file and id, for the faults.
        faults: the list to which faults are added, one line each.
    """
    if bool(entry.pattern) == bool(entry.dependency):
        faults.append(f"{where}: needs either pattern or dependency")
        return
    _check_pattern(entry, where, faults)
    seen = _check_dependency(entry, where, faults)
    if isinstance(entry, StatementPattern):
        _check_parts(entry, where, seen, faults)
    elif any(not isinstance(i, int) or not 0 <= i < len(entry.pattern) for i in entry.name if entry.pattern):
        faults.append(f"{where}: name: must be indices of pattern, 0 to {len(entry.pattern) - 1}")


def check_stance(entry: StancePattern, where: str, faults: list[str]) -> None:
    """Check a stance pattern: as for `check_tokens`."""
    if bool(entry.window) == bool(entry.dependency):
        faults.append(f"{where}: needs either window or dependency")
        return
    if entry.window:
        try:
            entry.compile()
        except (re.error, OverflowError, RecursionError) as error:
            faults.append(f"{where}: window: {error}")
        if "‸" not in entry.window:
            faults.append(f"{where}: window: must hold ‸, the place of the cue")
    elif "cue" not in _check_dependency(entry, where, faults):
        faults.append(f"{where}: dependency: no node is named cue")


def _check_pattern(entry: StatementPattern | ChannelPattern, where: str, faults: list[str]) -> None:
    for number, token in enumerate(entry.pattern):
        if not _OPERATOR.fullmatch(str(token.get("OP", "1"))):
            faults.append(f"{where}: pattern[{number}]: OP {token['OP']!r} is none of ! ? + * {{n}} {{n,m}}")
        for key in token:
            if key.upper() not in TOKEN_ATTRIBUTES:
                faults.append(f"{where}: pattern[{number}]: unknown attribute {key}")
            elif key == "_":
                faults += _check_role(entry, token[key], f"{where}: pattern[{number}]")


def _check_dependency(
    entry: StatementPattern | ChannelPattern | StancePattern, where: str, faults: list[str]
) -> set[str]:
    """Check the nodes, and return their names."""
    seen: set[str] = set()
    for number, node in enumerate(entry.dependency):
        spot = f"{where}: dependency[{number}]"
        for key in node:
            if key not in DEPENDENCY_KEYS:
                faults.append(f"{spot}: unknown key {key}; the keys are {', '.join(sorted(DEPENDENCY_KEYS))}")
        if wrong := _wrong_type(node):
            faults.append(f"{spot}: {wrong}")
            continue
        for key in node.get("RIGHT_ATTRS", {}):
            if key.upper() not in TOKEN_ATTRIBUTES:
                faults.append(f"{spot}: unknown attribute {key}")
            elif key == "_":
                faults += _check_role(entry, node["RIGHT_ATTRS"][key], spot)
        if number and node.get("REL_OP") not in RELATIONS:
            faults.append(f"{spot}: REL_OP {node.get('REL_OP')!r} is none of {' '.join(sorted(RELATIONS))}")
        if number and node.get("LEFT_ID") not in seen:
            faults.append(f"{spot}: LEFT_ID {node.get('LEFT_ID')!r} names no node before it")
        if "RIGHT_ID" not in node:
            faults.append(f"{spot}: RIGHT_ID is missing")
        seen.add(str(node.get("RIGHT_ID")))
    return seen


def _check_parts(entry: StatementPattern, where: str, seen: set[str], faults: list[str]) -> None:
    if entry.pattern and len(entry.roles) != len(entry.pattern):
        faults.append(
            f'{where}: roles: must name a role, or "", for each of the {len(entry.pattern)} token patterns'
        )
    for role in entry.roles:
        if role and role not in ROLES:
            faults.append(f"{where}: roles: {role!r} is none of {', '.join(ROLES)}")
    if entry.dependency and "cue" not in seen:
        faults.append(f"{where}: dependency: no node is named cue")
