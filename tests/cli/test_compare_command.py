"""`symsl compare`: one table on the screen, the same numbers as JSON."""

from __future__ import annotations

import json

import pytest


def test_table_and_json_hold_the_same_numbers(symsl):
    status, out, err = symsl("compare", "L=2", "eta=1/5")
    data = json.loads(symsl("compare", "L=2", "eta=1/5", "--json")[1])
    assert (status, err) == (0, "")
    assert len(data["laws"]) == 20
    for row in data["laws"]:
        line = next(line for line in out.splitlines() if line.startswith(row["quantity"]) and row["law"] in line)
        assert f"{row['value']:.9g}" in line or row["law"] == "second order"
        assert row["difference"] == pytest.approx(row["value"] / row["measured"] - 1)
    assert {row["law"] for row in data["laws"]} >= {"Eq. 99", "Eq. 113", "Eq. 17", "second order", "Eq. 95"}
    refused = [row for row in data["bases"] if row["moments"] is None]
    assert [row["L"] for row in refused] == [10, 12, 16]
    assert all(row["modes"] > 0 for row in data["bases"])
    assert out.count("refused: kappa 2^-53") == 3
    assert data["provenance"]["parameters"]["N"] == "256"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["K=2"], "no parameter K"),
        (["M=1"], "M >= 2"),
        (["M=10^6"], "M <= 16"),
        (["eta=10^9"], r"eta < eta_c = 4.61366"),
        (["eta=0"], "eta > 0"),
        (["L=x"], "L"),
        (["L=4", "N=6"], "N a positive multiple of L = 4"),
    ],
)
def test_wrong_use(symsl, arguments, said):
    status, out, err = symsl("compare", *arguments)
    assert (status, out) == (2, "")
    assert said in err
