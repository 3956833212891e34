"""The files that a visitor reads first say what is there."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_is_short():
    assert len(README.splitlines()) < 100


def test_the_readme_lists_every_chapter_with_its_title():
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    wanted = []
    for part in parts:
        paths = [ROOT / f"{chapter['file']}.ipynb" for chapter in part["chapters"]]
        paths = [path for path in paths if path.is_file()]
        if paths:
            wanted.append(f"- {part['caption']}")
        for path in paths:
            first = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
            title = re.match(r"# (.+)", first)[1]
            wanted.append(f"  - [{title}]({path.relative_to(ROOT).as_posix()})")
    listed = README.partition("## The chapters")[2].partition("- For reference")[0]
    assert [line for line in listed.splitlines() if line.lstrip().startswith("-")] == wanted


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "bench/README.md"])
def test_targets_links_and_scripts_exist(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = {word for words in re.findall(r"\bmake ((?:[a-z]+ ?)+)(?:[A-Z]+=\S+)?`", text) for word in words.split()}
    assert named <= {*targets}
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    scripts = re.findall(r"\b(?:bench|tools)/\w+\.\w+", text)
    assert [path for path in [*links, *scripts] if not (ROOT / path).exists()] == []


def test_every_target_that_is_offered_stands_in_the_readme():
    offered = re.findall(r"^(\w+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"book", "test", "portable"} <= {*offered}
    assert [name for name in offered if f"`make {name}" not in README and name != "help"] == []


def test_the_citation_and_the_licence_agree_with_the_package():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == project["version"]
    (author,) = citation["authors"]
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert f"Copyright (c) {author['name']}" in licence
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in licence
