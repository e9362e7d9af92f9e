"""Covariance spectra of data matrices: against numpy's covariance, against known spectra, and what is refused."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symsl import data_file, data_spectrum
from symsl.data_spectrum import from_data
from symsl.errors import ParameterError, SymslWarning, UsageError
from symsl.image_patches import image_patches, photograph_patches
from symsl.power_law_fit import fit_power_law
from symsl.simulation import diagonal_inputs
from symsl.spectrum import Spectrum


def _gaussian_data(L=24, beta="3/4", examples=200_000, seed=0):
    rows = np.empty((examples, L))
    diagonal_inputs(Spectrum.power_law(L, beta), L).fill(np.random.default_rng(seed), rows)
    rotation = np.linalg.qr(np.random.default_rng(1).standard_normal((L, L)))[0]
    return rows @ rotation * 3 + np.arange(L)


DATA = _gaussian_data(examples=3000)


def test_eigenvalues_are_those_of_numpys_covariance_over_their_mean():
    result = Spectrum.from_data(DATA)
    expected = np.linalg.eigvalsh(np.cov(DATA.T, bias=True))[::-1]
    assert float(result.spectrum.factor) == pytest.approx(expected.mean(), rel=1e-12)
    np.testing.assert_allclose(result.eigenvalues(), expected / expected.mean(), rtol=1e-10)
    assert result.spectrum.is_normalised()
    assert (result.spectrum.L, result.rank, result.examples) == (24, 24, 3000)
    np.testing.assert_allclose(result.mean, DATA.mean(axis=0), rtol=1e-12)


def test_coordinates_have_the_diagonal_covariance_of_the_spectrum():
    result = from_data(DATA, n_directions=7)
    coordinates = result.coordinates(DATA)
    assert coordinates.shape == (3000, 7)
    np.testing.assert_allclose(coordinates.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(coordinates.T @ coordinates / 3000, np.diag(result.eigenvalues()), atol=1e-11)
    assert result.eigenvalues().mean() == pytest.approx(1)
    assert result.spectrum.is_normalised()


def test_without_centring_the_mean_counts():
    result = from_data(DATA, center=False)
    np.testing.assert_array_equal(result.mean, 0)
    moment = DATA.T @ DATA / 3000
    np.testing.assert_allclose(
        result.eigenvalues(), np.linalg.eigvalsh(moment)[::-1] / np.trace(moment) * 24, rtol=1e-9
    )


def test_cutting_into_parts_changes_nothing(monkeypatch):
    whole = from_data(DATA)
    monkeypatch.setattr(data_spectrum, "_ROWS_AT_A_TIME", 7)
    np.testing.assert_allclose(from_data(DATA).eigenvalues(), whole.eigenvalues(), rtol=1e-11)


def test_exponent_of_a_known_power_law_is_found():
    result = from_data(_gaussian_data(L=64, beta="3/4"))
    assert result.beta == pytest.approx(0.75, abs=0.03)
    assert abs(result.beta - 0.75) < 5 * result.beta_error
    assert result.fit_range == (3, 22)  # the middle half of the axis of ln k: 64**(1/4) .. 64**(3/4)
    narrow = from_data(_gaussian_data(L=64, beta="3/4"), fit_range=(2, 10))
    assert narrow.fit_range == (2, 10)
    expected = fit_power_law(np.arange(1, 65), narrow.eigenvalues(), between=(2, 10))
    assert narrow.beta == pytest.approx(-1 - expected.exponent)
    assert narrow.beta_error == pytest.approx(expected.exponent_error, rel=1e-9)


def test_small_spectra_are_fitted_whole_or_not_at_all():
    assert from_data(DATA[:, :4]).fit_range == (1, 4)
    two = from_data(DATA[:, :2])
    assert two.fit is None
    with pytest.raises(ParameterError, match="three directions or more"):
        _ = two.beta


def test_rank_deficiency_is_a_warning_and_null_directions_are_left_out():
    doubled = np.hstack([DATA, DATA[:, :2] - DATA[:, 2:4]])
    with pytest.warns(SymslWarning, match="the covariance has rank 24 of 26: 2 directions without variance"):
        result = from_data(doubled)
    assert result.spectrum.L == result.rank == 24
    with pytest.warns(SymslWarning), pytest.raises(ParameterError, match=r"n_directions = 25, but .* rank = 24"):
        from_data(doubled, n_directions=25)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 8), st.integers(0, 10**6), st.floats(1e-3, 1e3))
def test_scaling_and_shifting_the_data_changes_only_the_factor(columns, seed, scale):
    rows = np.random.default_rng(seed).exponential(size=(5 * columns, columns))
    one, other = from_data(rows), from_data(scale * rows + 1)
    np.testing.assert_allclose(other.eigenvalues(), one.eigenvalues(), rtol=1e-5)
    assert float(other.spectrum.factor) == pytest.approx(scale**2 * float(one.spectrum.factor), rel=1e-5)


def test_integers_and_files_give_the_same(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, size=(200, 9)).astype(np.uint8)
    np.save(tmp_path / "x.npy", pixels)
    np.savez(tmp_path / "one.npz", X=pixels)
    np.savez(tmp_path / "two.npz", X=pixels, Y=np.arange(3))
    expected = from_data(pixels.astype(float)).eigenvalues()
    for source, options in (
        (pixels, {}),
        (tmp_path / "x.npy", {}),
        (str(tmp_path / "one.npz"), {}),
        (tmp_path / "two.npz", {"array": "X"}),
    ):
        np.testing.assert_array_equal(from_data(source, **options).eigenvalues(), expected)


def test_channel_of_images_in_a_file(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, size=(200, 3, 4, 2)).astype(np.uint8)
    np.savez(tmp_path / "images.npz", X=images, Y=np.arange(200))
    rows = data_file.load_rows(tmp_path / "images.npz", array="X", channel=1)
    np.testing.assert_array_equal(rows[5], images[5, :, :, 1].ravel())
    result = from_data(tmp_path / "images.npz", array="X", channel=1)
    np.testing.assert_array_equal(result.eigenvalues(), from_data(images[..., 1].reshape(200, 12)).eigenvalues())


def _with(row, column, value):
    bad = DATA.copy()
    bad[row, column] = value
    return bad


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (_with(5, 3, np.nan), {}, r"data\[5, 3\] = nan, but finite numbers"),
        (_with(2999, 0, np.inf), {}, r"data\[2999, 0\] = inf"),
        (DATA[:10], {}, r"shape = \(10, 24\), but as many rows \(examples\) as columns"),
        (np.hstack([DATA, np.ones((3000, 1))]), {}, r"constant columns = \[24\], but columns that vary"),
        (DATA[0], {}, r"shape = \(24,\), but two dimensions"),
        (np.empty((0, 3)), {}, "two dimensions, neither empty"),
        (np.zeros((5, 2, 2, 3)), {}, "pass channel=0"),
        (np.zeros((5, 2, 2, 3)), {"channel": 3}, "channel = 3, but one of the channels"),
        (DATA, {"channel": 0}, "channel = 0"),
        (DATA.astype(complex), {}, "dtype = complex128, but real numbers"),
        ([["a", "b"]], {}, "real numbers"),
        (DATA, {"n_directions": 0}, "n_directions = 0"),
        (DATA, {"n_directions": "1/2"}, "an integer"),
        (DATA, {"fit_range": (5, 6)}, "three different x"),
    ],
)
def test_bad_data_are_refused(data, options, message):
    with pytest.raises(ParameterError, match=message):
        from_data(data, **options)


def test_wrong_files_are_refused(tmp_path):
    with pytest.raises(UsageError, match=r"cannot read .*none.npy: No such file"):
        from_data(tmp_path / "none.npy")
    with pytest.raises(UsageError, match=r"cannot read .*none.npz: No such file"):
        from_data(tmp_path / "none.npz")
    (tmp_path / "x.csv").write_text("1,2\n")
    with pytest.raises(UsageError, match=r"x.csv is not a .npy or .npz file"):
        from_data(tmp_path / "x.csv")
    for name, content in (
        ("text.npy", b"hello"),
        ("empty.npy", b""),
        ("text.npz", b"hello"),
        ("empty.npz", b""),
        ("pickled.npy", pickle.dumps([1, 2])),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UsageError, match="is not a numpy file of numbers"):
            from_data(tmp_path / name)
    np.save(tmp_path / "objects.npy", np.array([{}, 1], dtype=object))
    with pytest.raises(UsageError, match="is not a numpy file of numbers"):
        from_data(tmp_path / "objects.npy")
    np.save(tmp_path / "good.npy", DATA)
    with pytest.raises(UsageError, match="leave out array='X'"):
        from_data(tmp_path / "good.npy", array="X")
    (tmp_path / "half.npz").write_bytes((tmp_path / "good.npy").read_bytes())
    with pytest.raises(UsageError, match="is not a numpy file of numbers"):
        from_data(tmp_path / "half.npz")
    np.savez(tmp_path / "two.npz", X=DATA, Y=DATA)
    for array in (None, "Z"):
        with pytest.raises(UsageError, match="holds the arrays X, Y; choose one"):
            from_data(tmp_path / "two.npz", array=array)


def test_coordinates_refuse_other_data():
    with pytest.raises(ParameterError, match=r"rows.shape = \(3000, 3\), but \(P, 24\)"):
        from_data(DATA).coordinates(DATA[:, :3])


def test_photographs_have_a_broad_spectrum():
    result = from_data(photograph_patches(8, 20_000, seed=1))
    assert result.rank == 64
    eigenvalues = result.eigenvalues()
    assert eigenvalues[0] > 50  # neighbouring pixels are nearly equal: the brightness of a patch dominates
    assert eigenvalues[0] / eigenvalues[-1] > 10**4
    assert 0 < result.beta < 1
    assert 0.01 < result.beta_error < 0.2
    assert all(isinstance(value, Fraction) for value in result.spectrum.values)


def test_digits_have_constant_pixels_and_a_spectrum_without_them():
    digits = pytest.importorskip("sklearn.datasets").load_digits().data
    with pytest.raises(ParameterError, match=r"constant columns = \[0, 32, 39\]"):
        from_data(digits)
    result = from_data(np.delete(digits, [0, 32, 39], axis=1))
    assert result.spectrum.L == 61


def test_patches_are_pieces_of_the_images():
    images = [np.arange(30).reshape(5, 6), 100 + np.arange(40).reshape(4, 5, 2)]
    patches = image_patches(images, 3, 500, seed=2)
    places = {tuple(images[0][r : r + 3, c : c + 3].ravel()) for r in range(3) for c in range(4)}
    places |= {tuple(images[1][r : r + 3, c : c + 3, 0].ravel()) for r in range(2) for c in range(3)}
    assert {tuple(patch) for patch in patches} == places
    np.testing.assert_array_equal(patches, image_patches(images, 3, 500, seed=2))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], 2, 5), "arrays \\(height, width\\)"),
        (([np.ones(4)], 2, 5), "arrays \\(height, width\\)"),
        (([np.ones((4, 4))], 5, 5), "fits into every image"),
        (([np.ones((4, 4))], 2, 0), "count >= 1"),
    ],
)
def test_impossible_patches_are_refused(arguments, message):
    with pytest.raises(ParameterError, match=message):
        image_patches(*arguments)


def test_missing_scikit_learn_is_explained(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sklearn.datasets", None)
    with pytest.raises(UsageError, match=r"pip install 'symsl\[data\]'"):
        photograph_patches(8, 10)
