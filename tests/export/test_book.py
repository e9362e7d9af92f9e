"""The whole book: it compiles without a line that sticks out, and every link of the site resolves."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from test_document import compiled

from symsl import EQUATIONS
from symsl.export import steps as made
from symsl.export.book import book
from symsl.export.chapters import capitalised, chapters, derivations_of, section_title
from symsl.export.site import html_prose, write_site
from symsl.export.steps import NOT_RUN, Step, derivation_steps, steps

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
GOOD = Step("good", "1", [["a = b"]], "", "proved symbolically", "proved", "refuted")
BAD = Step("bad", "1", [], "too large", "proved symbolically", "proved", "undecided")


def test_a_step_that_does_not_stand_opens_its_equation():
    first = EQUATIONS[:1]
    [good], [bad] = (list(chapters(first, {"power_law": [step]})) for step in (GOOD, BAD))
    assert (good.mark, bad.mark) == ("proved", "open")
    assert "does not stand" in bad.evidence
    assert good.values["value"].startswith("1.468")
    assert "[proved (twin undecided)]" in book([bad])


def test_every_step_stands_once_with_the_equation_it_leads_to():
    name = "power_law"
    found = dict([derivation_steps(name, False)])
    entries = [entry for entry in EQUATIONS if entry.derivation == name]
    shown = [step for chapter in chapters(entries, found) for step in chapter.steps]
    assert shown == found[name]
    assert {step.verdict for step in shown} == {NOT_RUN}


def test_steps_are_kept_until_a_source_changes(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = steps(["symmetric_sums"], verify=False, jobs=1)
    [kept] = (tmp_path / "symsl").iterdir()
    data = json.loads(kept.read_text())
    data[0]["text"] = "from the cache"
    kept.write_text(json.dumps(data))
    assert steps(["symmetric_sums"], verify=False)["symmetric_sums"][0].text == "from the cache"
    monkeypatch.setattr(made, "source_digest", lambda: "0" * 32)
    assert steps(["symmetric_sums"], verify=False, jobs=1) == first
    assert [path.name for path in (tmp_path / "symsl").iterdir()] == [f"symmetric_sums-read-{'0' * 32}.json"]


def test_the_first_word_of_a_step_has_a_capital():
    told = {"which is it": "Which is it", "log P falls": "log P falls", "u_1 = 1": "u_1 = 1", "eta small": "eta small"}
    assert {text: capitalised(text) for text in told} == told
    assert section_title("B.1") == "Section B.1 of the paper"
    assert section_title("sparse networks") == "Beyond the paper: sparse networks"


def test_words_of_the_site():
    text = html_prose('0 < eta & 5% of "K_x"')
    assert text.startswith("<math")
    assert "</math> &amp; 5% of &quot;<math" in text


@pytest.mark.slow
@needs_tex
def test_the_whole_catalogue(tmp_path):
    found = list(chapters(EQUATIONS, steps(derivations_of(EQUATIONS), verify=False)))
    log = compiled(book(found), tmp_path)
    for trouble in ("Overfull", "Undefined", "undefined", "multiply defined", "Missing character"):
        assert trouble not in log
    assert write_site(found, tmp_path / "site") == len(EQUATIONS) + 1
    for page in (tmp_path / "site").glob("*.html"):
        text = page.read_text()
        assert "\\" not in re.sub(r"<pre>.*?</pre>", "", text, flags=re.DOTALL)
        for target in re.findall(r'(?:href|src)="([^"]+)"', text):
            assert (tmp_path / "site" / target).is_file(), (page.name, target)
