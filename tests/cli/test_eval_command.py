"""`symsl eval` and `symsl curve`, on a small catalogue."""

from __future__ import annotations

import csv
import json
from decimal import Decimal

import mpmath
import pytest

from symsl.precision import load

MODES = ["L=4", "beta=1", "eta=1/2"]


def expected(alpha, L=4, eta="0.5", sigma="0.01", digits=60):
    """The sum of Eq. 8 for beta = 1 in mpmath."""
    with mpmath.workdps(digits):
        largest = L / mpmath.fsum(mpmath.mpf(1) / k**2 for k in range(1, L + 1))
        values = [largest / k**2 for k in range(1, L + 1)]
        total = mpmath.fsum(v * mpmath.exp(-2 * mpmath.mpf(eta) * v * mpmath.mpf(alpha)) for v in values)
        return (1 + mpmath.mpf(sigma) ** 2) / (2 * L) * total


@pytest.mark.usefixtures("catalogue")
class TestEval:
    def test_the_value_and_how_it_was_reached(self, symsl):
        status, out, err = symsl("eval", "8", *MODES, "alpha=10", "--digits", "30")
        value, how = out.splitlines()
        assert status == 0
        assert err == ""
        assert value == mpmath.nstr(expected(10), 30)
        assert how.startswith("30 digits certified; working precision ")
        assert how.endswith("bits; route statement")

    def test_routes_agree(self, symsl):
        one = symsl("eval", "8", *MODES, "alpha=1/3", "--digits", "40")[1].splitlines()
        two = symsl("eval", "small-learning-rate", *MODES, "alpha=1/3", "--digits", "40", "--route", "by hand")[1]
        assert one[0] == two.splitlines()[0]
        assert two.endswith("route by hand\n")

    def test_json_holds_the_ball_and_the_provenance(self, symsl):
        status, out, _ = symsl("eval", "8", *MODES, "alpha=10", "--digits", "25", "--json")
        data = json.loads(out)
        assert status == 0
        assert (data["equation"], data["name"], data["digits"]) == ("8", "small-learning-rate", 25)
        assert data["parameters"] == {"L": "4", "beta": "1", "eta": "1/2", "alpha": "10", "sigma_J": "1/100"}
        assert data["value"] == mpmath.nstr(expected(10), 25)
        man, exp = data["mid"]
        with mpmath.workdps(60):
            bound = mpmath.ldexp(data["rad"][0], data["rad"][1])
            assert abs(mpmath.ldexp(mpmath.mpf(man), exp) - expected(10)) <= bound
        assert load({"mid": data["mid"], "rad": data["rad"]}).is_finite()
        assert data["working_precision"] >= 25 * 3.32
        assert data["provenance"]["parameters"] == data["parameters"]
        assert {"symsl", "python", "sympy", "python-flint", "mpmath", "numpy"} <= set(data["provenance"])

    @pytest.mark.parametrize("times", ["1,10,100", "1:100:3"])
    def test_several_times_give_rows(self, symsl, times):
        data = json.loads(symsl("eval", "8", *MODES, f"alpha={times}", "--json")[1])
        assert [row["alpha"] for row in data["rows"]] == ["1", "10", "100"]
        assert [row["value"] for row in data["rows"]] == [
            mpmath.nstr(expected(t), 15, min_fixed=-6, strip_zeros=False).replace("e-0", "e-") for t in (1, 10, 100)
        ]
        assert data["parameters"]["alpha"] == times
        assert "value" not in data
        lines = symsl("eval", "8", *MODES, f"alpha={times}")[1].splitlines()
        assert [line.split()[-1] for line in lines[:3]] == [row["value"] for row in data["rows"]]

    def test_several_outputs_have_names(self, symsl):
        data = json.loads(symsl("eval", "13", "M=3", "D=1/2", "--json")[1])
        assert data["value"] == data["values"]["R"]
        assert float(data["values"]["Q"]) == pytest.approx(1.5 / 4.5)
        assert float(data["values"]["R"]) == pytest.approx(1.5 / (3 * 4.5) ** 0.5)
        assert symsl("eval", "13", "M=3")[1].splitlines()[:2] == ["R = 0.258198889747161", "Q = 0.200000000000000"]

    def test_more_digits_than_python_prints(self, symsl):
        status, out, _ = symsl("eval", "8", *MODES, "alpha=1", "--digits", "6000", "--json")
        assert status == 0
        assert len(str(json.loads(out)["value"])) > 6000

    def test_a_time_far_beyond_the_doubles(self, symsl):
        """The slowest mode is all that is left: log10 of the value from mpmath."""
        data = json.loads(symsl("eval", "8", *MODES, "alpha=1e30", "--json")[1])
        mantissa, exponent = data["value"].split("e")
        with mpmath.workdps(80):
            slowest = 4 / mpmath.fsum(mpmath.mpf(1) / k**2 for k in range(1, 5)) / 16
            weight = (1 + mpmath.mpf("0.0001")) / 8 * slowest
            logarithm = mpmath.log10(weight) - mpmath.mpf("1e30") * slowest / mpmath.log(10)
            assert abs(mpmath.mpf(mantissa) - 10 ** (logarithm - int(exponent))) < mpmath.mpf("0.51e-14")
        assert data["radius"].endswith(f"e{int(exponent) - 15}")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["8", "L=4", "beta=x", "eta=1", "alpha=1"], "beta = 'x'"),
            (["8", "L=0", "beta=1", "eta=1", "alpha=1"], "L = 0, but L >= 1"),
            (["8", "L=4", "beta=1", "eta=0", "alpha=1"], "eta > 0"),
            (["8", "L=4", "beta=1", "eta=1"], "needs alpha"),
            (["8", "L=4", "beta=1", "eta=1", "alpha=1", "etta=1"], "did you mean eta"),
            (["8", "L=4", "beta=1,2", "eta=1", "alpha=1"], "beta = '1,2'"),
            (["8", "L=4", "beta=1", "eta=1", "alpha=1", "alpha=2"], "alpha is given twice"),
            (["8", *MODES, "alpha=1", "--digits", "0"], "1 <= digits"),
            (["8", *MODES, "alpha=1", "--digits", "1000000000"], "1 <= digits"),
            (["8", *MODES, "alpha=1", "--digits", "many"], "--digits"),
            (["8", *MODES, "alpha=1", "--max-bits", "0"], "max_bits"),
            (["8", *MODES, "alpha=1", "--route", "scenic"], "it has statement, by hand"),
            (["8", *MODES, "alpha=1", "self=1"], "no parameter self"),
            (["8", *MODES, "alpha=1", "spectrum=1"], "no parameter spectrum"),
            (["2", "x=1"], "statement without a number"),
            (["small-learning-rat"], "nearest: small-learning-rate"),
            ([], "EQUATION"),
        ],
    )
    def test_wrong_use_is_one_sentence_and_status_2(self, symsl, arguments, said):
        status, out, err = symsl("eval", *arguments)
        assert status == 2
        assert out == ""
        assert said in err
        assert err.startswith("symsl: ")
        assert err.count("\n") == 1

    def test_a_value_that_may_vanish_is_not_decided(self, symsl):
        status, out, err = symsl("eval", "nothing")
        assert (status, out) == (3, "")
        assert "may vanish exactly" in err
        assert err.count("\n") == 1

    def test_too_few_bits_are_not_decided(self, symsl):
        status, _, err = symsl("eval", "8", *MODES, "alpha=1", "--digits", "50", "--max-bits", "60")
        assert status == 3
        assert "with 60 bits" in err


@pytest.mark.usefixtures("catalogue")
class TestCurve:
    def test_rows_enclose_the_values(self, symsl, tmp_path):
        path = tmp_path / "curve.csv"
        status, out, _ = symsl("curve", "8", *MODES, "--alpha", "1e-1:1e3:9", "-o", path, "--digits", "20")
        assert status == 0
        assert f"wrote {path}" in out
        lines = path.read_text().splitlines()
        comments = dict(line[2:].split(": ", 1) for line in lines if line.startswith("#"))
        assert comments["equation"] == "8"
        assert comments["parameters"] == "L=4 beta=1 eta=1/2 alpha=1e-1:1e3:9 sigma_J=1/100"
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
        assert len(rows) == 9
        for row in rows:
            with mpmath.workdps(60):
                distance = abs(mpmath.mpf(row["value"]) - expected(row["alpha"]))
                assert distance <= mpmath.mpf(row["radius"])
            assert Decimal(row["radius"]) <= Decimal(row["value"]) * Decimal("1e-19")

    def test_without_a_file_the_table_is_printed(self, symsl, tmp_path):
        path = tmp_path / "curve.csv"
        symsl("curve", "8", *MODES, "alpha=1,2", "-o", path)
        assert symsl("curve", "8", *MODES, "--alpha", "1,2")[1] == path.read_text()

    def test_json_by_suffix_or_by_option(self, symsl, tmp_path):
        path = tmp_path / "curve.json"
        symsl("curve", "8", *MODES, "--alpha", "1,2", "-o", path)
        assert symsl("curve", "8", *MODES, "--alpha", "1,2", "--json")[1] == path.read_text()
        assert {"alpha", "value", "radius"} <= set(json.loads(path.read_text())["rows"][1])

    @pytest.mark.parametrize(("suffix", "magic"), [("pdf", b"%PDF"), ("png", b"\x89PNG")])
    def test_pictures_by_suffix(self, symsl, tmp_path, suffix, magic):
        path = tmp_path / f"curve.{suffix}"
        status, _, _ = symsl("curve", "8", *MODES, "--alpha", "1:100:5", "--plot", path)
        assert status == 0
        assert path.read_bytes().startswith(magic)

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["-o", "curve.txt", "--alpha", "1,2"], ".csv or .json"),
            (["--plot", "curve.svg", "--alpha", "1,2"], ".pdf or .png"),
            (["-o", "missing/curve.csv", "--alpha", "1,2"], "no directory"),
            (["-o", "folder.csv", "--alpha", "1,2"], "is a directory"),
            (["-o", "curve.csv"], "--alpha lo:hi:n"),
            (["-o", "curve.csv", "--alpha", "1"], "several times"),
            (["--alpha", "1,2", "alpha=3"], "given twice"),
        ],
    )
    def test_what_cannot_be_written_is_refused_before_computing(
        self, symsl, tmp_path, monkeypatch, catalogue, options, said
    ):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "folder.csv").mkdir()
        monkeypatch.setattr(type(catalogue["8"].evaluation), "run", lambda *_: pytest.fail("it computed"))
        status, out, err = symsl("curve", "8", *MODES, *options)
        assert (status, out) == (2, "")
        assert said in err
        assert [path.name for path in tmp_path.iterdir()] == ["folder.csv"]
