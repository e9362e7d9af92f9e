"""Provenance, radii, tables, and files written whole or not at all."""

from __future__ import annotations

import json
import platform
from fractions import Fraction
from hashlib import sha256

import mpmath
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from symsl.errors import UsageError
from symsl.export.data import csv_text, exact_parameters, json_text, radius
from symsl.files import provenance, read_bytes, replacing, require_writable, write_whole
from symsl.precision import ball, certify
from symsl.spectrum import Spectrum


def test_provenance_is_versions_and_what_was_asked():
    found = provenance(equation="15", digits=30)
    assert found == provenance(equation="15", digits=30)
    assert found["python"] == platform.python_version()
    assert found["mpmath"] == mpmath.__version__
    assert (found["equation"], found["digits"]) == ("15", 30)
    assert platform.node() not in json.dumps(found)


def test_parameters_are_exact_text(tmp_path):
    state = tmp_path / "state.json"
    state.write_bytes(b"content")
    arguments = {
        "spectrum": Spectrum.power_law(8, "1/2"),
        "eta": Fraction(1, 10),
        "M": 2,
        "alpha": (Fraction(1, 3),),
        "state": str(state),
    }
    assert exact_parameters(arguments) == {
        "L": "8",
        "beta": "1/2",
        "eta": "1/10",
        "M": "2",
        "alpha": "1/3",
        "state": f"sha256:{sha256(b'content').hexdigest()}",
    }
    assert exact_parameters({"alpha": (Fraction(1), Fraction(5, 2))}) == {"alpha": ["1", "5/2"]}
    listed = exact_parameters({"spectrum": Spectrum.from_eigenvalues([3, 1], normalise=True)})
    assert listed == {"eigenvalues": ["3/2", "1/2"], "factor": "2"}


@given(st.fractions(min_value=Fraction(1, 10**40), max_value=10**30), st.integers(1, 60))
def test_the_decimal_and_its_radius_enclose_the_value(number, digits):
    value = certify(lambda: ball(number), digits, route="exact")
    with mpmath.workdps(120):
        distance = abs(mpmath.mpf(str(value)) - mpmath.mpf(number.numerator) / number.denominator)
        bound = mpmath.mpf(radius(value))
        assert distance <= bound
        assert bound <= number * mpmath.mpf(10) ** (1 - digits)


def test_an_exact_decimal_has_radius_zero():
    assert radius(certify(lambda: arb("0.75"), 5, route="exact")) == "0"


def test_tables_carry_their_provenance():
    text = csv_text(
        ("alpha", "value"), [{"alpha": "1", "value": "0.5", "mid": [1, -1]}], {"a": 1, "b": {"L": "8", "eta": "1/2"}}
    )
    assert text == "# a: 1\n# b: L=8 eta=1/2\nalpha,value\n1,0.5\n"
    assert json.loads(json_text({"ε": [1, 2]})) == {"ε": [1, 2]}


class TestFiles:
    def test_written_whole(self, tmp_path):
        path = tmp_path / "a.csv"
        write_whole(path, "old")
        write_whole(path, b"new")
        assert path.read_bytes() == b"new"
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize("reason", [KeyboardInterrupt, ZeroDivisionError])
    def test_or_not_at_all(self, tmp_path, reason):
        path = tmp_path / "a.csv"
        path.write_text("old")

        def interrupted():
            with replacing(path) as partial:
                partial.write_text("half")
                raise reason

        with pytest.raises(reason):
            interrupted()
        assert path.read_text() == "old"
        assert list(tmp_path.iterdir()) == [path]

    def test_a_link_keeps_pointing(self, tmp_path):
        target, link = tmp_path / "target.csv", tmp_path / "link.csv"
        target.write_text("old")
        link.symlink_to(target)
        write_whole(link, "new")
        assert link.is_symlink()
        assert target.read_text() == "new"

    def test_what_goes_wrong_is_said(self, tmp_path):
        with pytest.raises(UsageError, match=r"cannot write .*No such file"):
            write_whole(tmp_path / "missing" / "a.csv", "text")

    @pytest.mark.parametrize(
        ("name", "reason"), [("a.txt", "must end in .csv or .json"), ("a", "must end"), ("no/a.csv", "no directory")]
    )
    def test_asked_before(self, tmp_path, name, reason):
        with pytest.raises(UsageError, match=reason):
            require_writable(tmp_path / name, (".csv", ".json"))
        require_writable(tmp_path / "A.CSV", (".csv", ".json"))
        (tmp_path / "a.csv").mkdir()
        with pytest.raises(UsageError, match="is a directory"):
            require_writable(tmp_path / "a.csv", (".csv",))

    @pytest.mark.parametrize("name", ["missing", "", "a\0b"])
    def test_unreadable(self, tmp_path, name):
        with pytest.raises(UsageError, match="cannot read"):
            read_bytes(f"{tmp_path}/{name}")
