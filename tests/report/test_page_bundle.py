"""The bundle of scripts: made once, kept in the user's cache, never trusted when it is not whole."""

import sys
from pathlib import Path

import pytest

from ggu_costs import ahead
from ggu_costs.errors import GguCostsError
from ggu_costs.report import bundle
from ggu_costs.report.bundle import cache_folder, script_bundle

vl_convert = pytest.importorskip("vl_convert")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Put a small script in the place of the real one, and a cache in a folder of its own; return what was asked."""
    asked: list[str] = []

    def bundled(names: str) -> str:
        asked.append(names)
        return "/* Súdwest-Fryslân </script> */"

    monkeypatch.setenv("GGU_COSTS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(vl_convert, "javascript_bundle", bundled)
    return asked


def test_it_is_made_once_and_read_from_the_cache_after(made: list[str], tmp_path: Path) -> None:
    first, second = script_bundle(), script_bundle()
    assert first == second == "/* Súdwest-Fryslân <\\/script> */"
    assert made == ["window.vegaEmbed=vegaEmbed;"]
    (kept,) = (tmp_path / "cache").iterdir()
    assert kept.name.startswith("vega-")


@pytest.mark.parametrize("damage", [lambda whole: whole[:-3], lambda whole: b"", lambda whole: whole[40:]])
def test_a_damaged_file_is_made_again(made: list[str], tmp_path: Path, damage: object) -> None:
    whole = script_bundle()
    (kept,) = (tmp_path / "cache").iterdir()
    assert callable(damage)
    kept.write_bytes(damage(kept.read_bytes()))
    assert script_bundle() == whole
    assert len(made) == 2
    script_bundle()
    assert len(made) == 2


def test_without_a_cache_it_is_made_each_time(made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("GGU_COSTS_CACHE", str(tmp_path / "file" / "below"))
    assert script_bundle() == script_bundle()
    assert len(made) == 2


def test_without_the_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "find_spec", lambda name: None)
    with pytest.raises(GguCostsError, match=r"needs vl-convert-python.*\n.*ggu-costs\[html\]"):
        script_bundle()


@pytest.mark.parametrize(
    ("platform", "variable", "place"),
    [("linux", "XDG_CACHE_HOME", "ggu_costs"), ("win32", "LOCALAPPDATA", "ggu_costs"), ("darwin", "HOME", "Library")],
)
def test_the_cache_is_where_the_system_has_it(
    platform: str, variable: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GGU_COSTS_CACHE", raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))
    assert cache_folder().relative_to(tmp_path).parts[0] == place


def test_another_process_makes_it_ahead_and_who_asks_waits(
    made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is begun where it is kept, where it cannot be kept, or twice; a process that made none is no harm."""
    begun: list[list[str]] = []
    waited: list[str] = []

    class Process:
        def __init__(self, command: list[str], **_: object) -> None:
            begun.append(command)

        def wait(self) -> None:
            waited.append("once")

    monkeypatch.setattr(ahead.subprocess, "Popen", Process)
    bundle.bundle_ahead()
    bundle.bundle_ahead()
    assert [command[0] for command in begun] == [sys.executable]
    script_bundle()
    script_bundle()
    assert waited == ["once"]
    assert len(made) == 1
    bundle.bundle_ahead()
    monkeypatch.setenv("GGU_COSTS_CACHE", str(tmp_path / "cache" / next((tmp_path / "cache").iterdir()).name))
    bundle.bundle_ahead()
    assert len(begun) == 1


def test_the_process_that_is_begun_makes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GGU_COSTS_CACHE", str(tmp_path))
    bundle.bundle_ahead()
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda names: pytest.fail("made here"))
    assert len(script_bundle()) > 100_000
