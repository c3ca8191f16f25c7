"""Breaks what mutmut leaves alone: the tables of a module, the defaults of a class, and properties.

mutmut changes the bodies of plain functions and methods only. In the heart much of what must not go wrong stands
elsewhere: which risks calm, the order of the levels, the ladder that needs no file, whether a ladder still wants
somebody. Here each of these is changed, one at a time, in a copy of the tree, and the same tests are run.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
LONGEST = 300
"""Seconds after which a run that does not end counts as noticed: it would hang in everybody's hands."""


@dataclass(frozen=True, slots=True)
class Change:
    """One place of a module, and what to write there instead."""

    module: str
    where: str
    start: int
    end: int
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.module}, {self.where}: `{self.old}` → `{self.new}`"


def changes(path: Path) -> list[Change]:
    """Return every change of one module that mutmut does not make, in the order of the file."""
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for where, root in _left_alone(ast.parse(source)):
        for node in _with_values(root):
            for new in _instead(node):
                start = starts[node.lineno - 1] + node.col_offset
                end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
                old = " ".join(source[start:end].decode().split())
                found.append(Change(path.stem, where, start, end, old, new))
    return found


def _left_alone(module: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for part in module.body:
        if isinstance(part, ast.Assign | ast.AnnAssign):
            yield from _named("", part)
        elif isinstance(part, ast.ClassDef):
            for member in part.body:
                if isinstance(member, ast.Assign | ast.AnnAssign):
                    yield from _named(f"{part.name}.", member)
                elif isinstance(member, ast.FunctionDef) and member.decorator_list:
                    # The first statement is its sentence.
                    yield from ((f"{part.name}.{member.name}", line) for line in member.body[1:])


def _named(prefix: str, part: ast.Assign | ast.AnnAssign) -> Iterator[tuple[str, ast.AST]]:
    target = part.targets[0] if isinstance(part, ast.Assign) else part.target
    name = ast.unparse(target)
    if part.value is not None and name != "__all__":
        yield prefix + name, part.value


def _with_values(root: ast.AST) -> Iterator[ast.expr]:
    return (node for node in ast.walk(root) if isinstance(node, ast.expr))


def _instead(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield from _other_constant(node.value)
    elif isinstance(node, ast.Tuple | ast.List | ast.Set) and node.elts:
        yield from _one_less(node)
    elif isinstance(node, ast.Dict):
        for place in range(len(node.keys)):
            keys, values = [*node.keys], [*node.values]
            del keys[place], values[place]
            yield ast.unparse(ast.Dict(keys, values))
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPPED:
        yield ast.unparse(ast.Compare(node.left, [SWAPPED[type(node.ops[0])](), *node.ops[1:]], node.comparators))
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield ast.unparse(ast.BoolOp(other, node.values))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield ast.unparse(node.operand)


def _other_constant(value: object) -> Iterator[str]:
    if isinstance(value, bool):
        yield repr(not value)
    elif isinstance(value, int | float):
        yield repr(value + 1)
    elif isinstance(value, str):
        yield repr(f"XX{value}XX")


def _one_less(node: ast.Tuple | ast.List | ast.Set) -> Iterator[str]:
    """Leave one out, each in turn, and turn the whole around: in a table the order often is the meaning."""
    for place in range(len(node.elts)):
        fewer = [*node.elts]
        del fewer[place]
        if fewer or not isinstance(node, ast.Set):
            yield _like(node, fewer)
    turned = node.elts[::-1]
    if not isinstance(node, ast.Set) and [*map(ast.unparse, turned)] != [*map(ast.unparse, node.elts)]:
        yield _like(node, turned)


def _like(node: ast.Tuple | ast.List | ast.Set, parts: list[ast.expr]) -> str:
    if isinstance(node, ast.Tuple):
        return ast.unparse(ast.Tuple(parts, ast.Load()))
    return ast.unparse(ast.List(parts, ast.Load()) if isinstance(node, ast.List) else ast.Set(parts))


def survivors(modules: Sequence[Path], test_command: Sequence[str]) -> tuple[dict[str, int], list[Change]]:
    """Return how many changes each module took, and those that no test noticed."""
    counts: dict[str, int] = {}
    unnoticed: list[Change] = []
    with tempfile.TemporaryDirectory(prefix="crisis-hub-mutate-") as folder:
        place = Path(folder)
        for room in ("crisis_hub", "tests"):
            shutil.copytree(room, place / room, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy("pyproject.toml", place)
        if not _passes(place, test_command):
            sys.exit("crisis_hub: the tests fail before anything was changed; mend them first (make test).")
        for path in modules:
            whole = path.read_bytes()
            tried = changes(path)
            counts[path.stem] = len(tried)
            for number, change in enumerate(tried, start=1):
                print(f"\r  {path.stem}: {number} of {len(tried)} ", end="", flush=True, file=sys.stderr)
                _write(place / path, whole[: change.start] + f"({change.new})".encode() + whole[change.end :])
                if _passes(place, test_command):
                    unnoticed.append(change)
            _write(place / path, whole)
    print(file=sys.stderr)
    return counts, unnoticed


def _write(path: Path, source: bytes) -> None:
    path.write_bytes(source)
    # Python knows a stale file by its size and by whole seconds; two changes may share both.
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()


def _passes(place: Path, test_command: Sequence[str]) -> bool:
    environment = {**os.environ, "PYTHONPATH": str(place)}
    # Without compiled files every run would read all tests anew, which takes longer than running them.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        done = subprocess.run(
            test_command, cwd=place, env=environment, capture_output=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
