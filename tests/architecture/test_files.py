"""What stands in the repository: nothing that belongs to somebody's machine, nothing uninvited."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TOP = {
    ".ci",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "README.md",
    "bot",
    "compose.yaml",
    "docs",
    "handlers",
    "manifest.yml",
    "pyproject.toml",
    "requirements.lock",
    "store",
    "tests",
}
ELSEWHERE = re.compile(
    r"p[y]pi\.org|python[h]osted\.org|registry\.n[p]mjs|--index-url|--find-links"
    r"|(?<![\w.~])/(?:root|home|Users|work|opt)/\w"
)
"""Registries, and paths of somebody's machine."""


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    try:
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z"],  # noqa: S607 - Wherever it is.
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"this is not a checkout that git can read: {error}")
    return [name for name in done.stdout.split("\0") if (ROOT / name).is_file()]


def test_the_top_level_holds_what_people_look_for(tracked: list[str]) -> None:
    assert {name.partition("/")[0] for name in tracked} <= TOP


def test_nothing_names_a_registry_or_a_machine(tracked: list[str]) -> None:
    found = []
    for name in tracked:
        if ROOT / name != Path(__file__):
            text = (ROOT / name).read_bytes().decode("utf-8", "replace")
            found.extend(f"{name}: {match[0]}" for match in ELSEWHERE.finditer(text))
    assert not found


def test_no_merge_was_left_half_done(tracked: list[str]) -> None:
    mark = re.compile(rb"^(<{7}|>{7}) ", re.MULTILINE)
    assert not [name for name in tracked if mark.search((ROOT / name).read_bytes())]


def test_commands_of_the_makefile_are_what_ci_runs() -> None:
    assert "exec make check" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert ".ci/run" in (ROOT / ".github" / "workflows" / "check.yml").read_text("utf-8")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_uv_is_the_same_everywhere() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    version = re.search(r"UV_VERSION := (\S+)", makefile)
    assert version
    assert f"uv=={version[1]} " in (ROOT / "Dockerfile").read_text("utf-8")
