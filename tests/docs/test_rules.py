"""docs/rules.md is true: every place exists, every test is there by that name."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_YET = "not yet:"


def test_every_rule_names_a_place_and_a_test_that_exist() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in (ROOT / "docs/rules.md").read_text(encoding="utf-8").splitlines()
        if re.match(r"\| R\d", line)
    ]
    assert [row[0] for row in rows] == [f"R{number}" for number in range(1, 23)]
    for number, _, place, test in rows:
        if place.startswith(NOT_YET):
            continue
        assert (ROOT / place.strip("`")).is_file(), f"{number}: {place} is gone"
        path, _, name = test.strip("`").partition("::")
        source = ROOT / path
        assert source.is_file(), f"{number}: {path} is gone"
        wanted = rf"def {name}\(" if source.suffix == ".py" else re.escape(name)
        assert re.search(wanted, source.read_text(encoding="utf-8")), f"{number}: {path} has no {name}"


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
