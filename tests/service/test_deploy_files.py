"""deploy/: what can be checked without an engine: it parses, and every command, setting and image in it is real."""

import re
import sys
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from pathlib import Path
from typing import Any

import prefect.settings
import pytest
import typer.main
import yaml
from prefect.cli import app as prefect_command

from cli.app import app
from service.settings import KINDS

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
FILES = sorted(DEPLOY.glob("*.yaml"))
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
# Settings of prefect-redis, which is in Prefect's image and not in ours.
OF_PREFECT_REDIS = {"PREFECT_REDIS_MESSAGING_HOST", "PREFECT_REDIS_MESSAGING_PORT"}
TAG = re.compile(r"\d+\.\d+(\.\d+)?(-[a-z]+[\d.]*)*")


@cache
def documents(path: Path) -> list[Any]:
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a document."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from nodes(part)
    elif isinstance(value, list):
        for part in value:
            yield from nodes(part)


EVERY = [(path, node) for path in FILES for document in documents(path) for node in nodes(document)]


def commands() -> set[tuple[str, ...]]:
    found = {tuple(node["command"]) for _, node in EVERY if isinstance(node.get("command"), list)}
    for path in UNITS:
        program, *rest = unit(path)["Service"]["ExecStart"].split()
        found.add((Path(program).name, *rest))
    return {words for words in found if words[0] in ("mappa", "prefect")}


def unit(path: Path) -> ConfigParser:
    parsed = ConfigParser(interpolation=None, comment_prefixes=("#",))
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read(path, encoding="utf-8")
    return parsed


def variables() -> set[str]:
    """Every variable that a container is given, in the forms of Compose and of Kubernetes."""
    found: set[str] = set()
    for _, node in EVERY:
        if isinstance(node.get("environment"), dict):
            found |= node["environment"].keys()
        for name in ("env", "extraEnvVars"):
            if isinstance(node.get(name), list):
                found |= {one["name"] for one in node[name]}
    return found


def test_all_that_a_fleet_needs_is_there() -> None:
    assert [path.name for path in FILES] == ["compose.yaml", "helm-server.yaml", "helm-worker.yaml", "kubernetes.yaml"]
    [compose] = documents(DEPLOY / "compose.yaml")
    services = compose["services"]
    assert {"postgres", "redis", "prefect-api", "prefect-services", "migrations", "worker", "clock"} <= services.keys()
    assert services["clock"]["deploy"]["replicas"] == 2
    assert services["prefect-api"]["deploy"]["replicas"] >= 2
    for service in services.values():
        assert set(service.get("depends_on", {})) <= services.keys()
    assert ("mappa", "clock", "--through-workers") in commands()
    assert len(commands()) >= 8


def test_every_command_of_ours_is_one() -> None:
    for words in (words for words in commands() if words[0] == "mappa"):
        found = typer.main.get_command(app)
        rest = list(words[1:])
        while rest and hasattr(found, "commands") and rest[0] in found.commands:
            found = found.commands[rest.pop(0)]
        options = {name for param in found.params for name in param.opts}
        assert not hasattr(found, "commands"), words
        assert {word for word in rest if word.startswith("--")} <= options, words


@pytest.mark.parametrize("words", sorted(w for w in commands() if w[0] == "prefect"), ids=" ".join)
def test_every_command_of_prefect_is_one(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    options = [word for word in words if word.startswith("--") and word != "--no-prompt"]
    path = [word for word in words[1:] if word != "--no-prompt"]
    names = path[: next((n for n, word in enumerate(path) if word.startswith("--")), len(path))]
    names = [name for name in names if name != "mappa"]
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys, "argv", ["prefect", *names, "--help"])
    with pytest.raises(SystemExit) as ended:
        prefect_command()
    told = capfd.readouterr()
    assert not ended.value.code, told.err
    assert [option for option in options if option not in told.out] == []
    assert names[-1] in told.out


def test_every_variable_is_a_setting() -> None:
    ours = {f"MAPPA_{name.upper()}" for settings in KINDS for name in settings.model_fields}
    given = variables()
    assert {name for name in given if name.startswith("MAPPA_")} <= ours
    of_prefect = {name for name in given if name.startswith("PREFECT_")} - OF_PREFECT_REDIS
    assert [name for name in sorted(of_prefect) if not hasattr(prefect.settings, name)] == []
    assert "PREFECT_SERVER_DOCKET_URL" in of_prefect
    assert not hasattr(prefect.settings, "PREFECT_NO_SUCH_SETTING")


def test_every_image_has_a_version_and_prefect_is_the_one_that_is_installed() -> None:
    images = {node["image"] for _, node in EVERY if isinstance(node.get("image"), str)}
    images |= {f"{n['repository']}:{n['prefectTag']}" for _, n in EVERY if "prefectTag" in n}
    images |= set(re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE))
    assert len(images) >= 6
    assert [image for image in images if not TAG.fullmatch(image.rpartition(":")[2])] == []
    assert {i for i in images if i.startswith("prefecthq/")} == {f"prefecthq/prefect:{prefect.__version__}-python3.11"}


def test_the_image_holds_every_room_that_the_wheel_does() -> None:
    copied = set(re.findall(r"^COPY (\w+) \1$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE))
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    packages = re.search(r"^packages = \[(.*?)\]$", project.partition("targets.wheel]")[2], re.MULTILINE)
    assert packages is not None
    assert copied == set(re.findall(r'"(\w+)"', packages[1]))
    # What is not let through cannot be copied.
    let_through = set((DEPLOY / "Dockerfile.dockerignore").read_text().split())
    assert {f"!{room}" for room in copied} <= let_through


def test_no_password_stands_in_a_file_and_no_index_is_named() -> None:
    for path in [one for one in DEPLOY.rglob("*") if one.is_file() and one.suffix != ".pyc"]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"index-url|pypi|trusted-host", text, re.IGNORECASE), path.name
        passwords = re.findall(r"^\s*\w*PASSWORD: *(.*)$", text, re.MULTILINE)
        assert [word for word in passwords if not word.startswith("${")] == [], path.name


def test_whatever_goes_on_is_started_again_for_as_long_as_it_takes() -> None:
    """A worker ends some minutes after Prefect's server or Redis has gone."""
    assert len(UNITS) == 4
    for path in UNITS:
        known = unit(path)
        assert (known["Service"]["Restart"], known["Service"]["RestartSec"]) == ("always", "10"), path.name
        assert known["Unit"]["StartLimitIntervalSec"] == "0", path.name
    [compose] = documents(DEPLOY / "compose.yaml")
    lasting = {"postgres", "redis", "prefect-api", "prefect-services", "prefect", "worker", "clock"}
    assert {name for name, one in compose["services"].items() if one["restart"] == "unless-stopped"} == lasting
    once = compose["services"].keys() - lasting
    # What fails again and again is to be seen: nothing that waits for it would ever start, and nobody be told why.
    assert {compose["services"][name]["restart"] for name in once} == {"on-failure:5"}
    waited_for = {
        name
        for one in compose["services"].values()
        for name, how in one.get("depends_on", {}).items()
        if how["condition"] == "service_completed_successfully"
    }
    assert waited_for <= once


def test_a_password_of_any_characters_will_do() -> None:
    """In a URL ``@ : / #`` would have to be written otherwise, which an environment cannot do."""
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    urls = re.findall(r"\b\w+(?:\+\w+)?://\S+", text, re.ASCII)
    assert len([url for url in urls if url.startswith("postgresql")]) == 2
    assert [url for url in urls if "PASSWORD" in url or "SECRET" in url] == []
    [compose] = documents(DEPLOY / "compose.yaml")
    for name, one in compose["services"].items():
        environment = one.get("environment", {})
        if any("postgresql" in str(value) for value in environment.values()):
            assert environment["PGPASSWORD"].startswith("${POSTGRES_PASSWORD"), name


def test_the_image_holds_what_runs_and_no_tool_of_tests() -> None:
    """Its lock is a part of the other, with the same hashes: all that is left out is for those who build and test."""

    def locked(name: str) -> dict[str, str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return {block.partition("==")[0]: block for block in re.split(r"\n(?=\S)", text.strip())}

    everything, image = locked("requirements.lock"), locked("requirements.run.lock")
    assert [name for name, block in image.items() if everything.get(name) != block] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {kind: {named(one) for one in listed} for kind, listed in project["optional-dependencies"].items()}
    assert {named(one) for one in project["dependencies"]} | names["pdf"] | names["notify"] <= image.keys()
    # Packages of tests that a package of the program needs as well.
    assert names["dev"] & image.keys() == {"pyyaml"}
    *_, last = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").split("\nFROM ")
    assert "pip install" not in last
    assert "COPY --from=build /install /usr/local" in last


def named(requirement: str) -> str:
    return re.split(r"[\[<>=~]", requirement, maxsplit=1)[0].lower()


def test_the_proxy_finds_a_server_that_is_back_within_seconds() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert int(re.findall(r"fail_timeout=(\d+)s", text, re.ASCII)[0]) <= 2
    # A container that was made anew has another address: the name is asked for again.
    assert " resolve " in text
    assert "resolver " in text


def test_no_value_of_a_chart_is_one_that_it_gives_up() -> None:
    """Prefect's chart says of these that they are deprecated."""
    keys = {key for _, node in EVERY for key in node}
    assert keys & {"extraEnvVarsSecret", "extraEnvVarsCM"} == set()
