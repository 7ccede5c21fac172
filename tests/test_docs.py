"""What the documents say exists: links lead somewhere, the README shows a brief."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from summarizer.engines import ENGINES

ROOT = Path(__file__).parent.parent


def documents() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split()]


def test_every_relative_link_leads_to_a_file() -> None:
    assert documents()
    for document in documents():
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_readme_shows_a_real_brief() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = text.partition("<!-- brief -->")[2].partition("<!-- /brief -->")[0]
    assert "Translated by: embedded" in shown


def test_the_quality_said_is_the_quality_measured() -> None:
    results = ROOT / "training" / "results"
    found = json.loads((results / "flores200-devtest.embedded.json").read_text("utf-8"))
    bleu, chrf = (f"{found[name]['value']:.1f}" for name in ("bleu", "chrf"))
    assert f"BLEU {bleu}, chrF++ {chrf} " in ENGINES["embedded"].quality
    for said in ("README.md", "summarizer/engines/data/README.md"):
        text = (ROOT / said).read_text("utf-8")
        assert re.search(rf"BLEU {bleu} ± [\d.]+, chrF\+\+ {chrf} ", text), said


def test_requirements_are_pinned_and_constrained() -> None:
    pinned = {
        line
        for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    }
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in pinned)
    constraints = (ROOT / "constraints.txt").read_text("utf-8").lower().splitlines()
    missing = {line for line in pinned if line.lower() not in constraints}
    assert missing <= {"torch==2.13.0"}, missing
