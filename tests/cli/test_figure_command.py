"""`symsl figure`."""

from __future__ import annotations

from symsl.cli.entry import main


def test_one_figure(tmp_path, capsys):
    folder = tmp_path / "new"
    assert main(["figure", "12", "--quick", "-o", str(folder)]) == 0
    assert "data computed" in capsys.readouterr().out
    assert {path.suffix for path in folder.iterdir()} == {".npz", ".pdf", ".png", ".txt"}
    assert main(["figure", "12", "--quick", "-o", str(folder)]) == 0
    assert "data read" in capsys.readouterr().out


def test_wrong_use(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    for arguments, message in (
        (["21", "-o", str(tmp_path)], "there is no figure '21'"),
        ([], "one figure or --all"),
        (["3", "--all"], "one figure or --all"),
        (["3", "--quick", "-o", str(tmp_path / "file")], "cannot make the directory"),
    ):
        assert main(["figure", *arguments]) == 2
        assert message in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]
