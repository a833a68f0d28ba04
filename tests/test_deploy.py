"""The examples in `deploy/` run, each as far as this machine can; what it cannot run is skipped with its reason."""

import ast
import configparser
import fnmatch
import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import jinja2
import pytest
import yaml

from crmlib.running.notices import write_metrics

DEPLOY = Path(__file__).parents[1] / "deploy"
TODAY = "2026-11-02"
PARAMETERS = """series: shop
title: A small shop
currency: EUR
sources:
  transactions:
    path: ../data/orders.csv
    columns: {order_id: number, ordered_at: at, product_id: sku, quantity: qty, amount: money, customer_id: who}
churn: {resamples: 100}
"""
FAKE_DATE = f"""#!/bin/sh
[ "$1" = -d ] && exec {shutil.which("date")} "$@"
exec {shutil.which("date")} -d "$TODAY" "$@"
"""


def ended(*command, **options):
    """Run a command to its end, whatever that is."""
    return subprocess.run(command, check=False, capture_output=True, text=True, **options)


def script(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)


def shop(folder, monkeypatch, project):
    """Write a small shop's parameters and orders up to the end of October."""
    monkeypatch.syspath_prepend(str(project / "benchmarks"))
    import _small_shops

    (folder / "params").mkdir()
    (folder / "params" / "shop.yaml").write_text(PARAMETERS, encoding="utf-8")
    lines = _small_shops.orders(_small_shops.SHOPS["a_week"], as_of=date(2026, 11, 1))
    (folder / "data").mkdir()
    lines.to_csv(folder / "data" / "orders.csv", index=False)


@pytest.fixture(scope="module")
def home(project, tmp_path_factory):
    """Lay a project out as the examples expect it in /srv/crm, with a key and a clock that stands still."""
    folder = tmp_path_factory.mktemp("srv") / "crm"
    with pytest.MonkeyPatch.context() as patched:
        folder.mkdir()
        shop(folder, patched, project)
    shutil.copytree(DEPLOY, folder / "deploy")
    (folder / ".venv").symlink_to(sys.prefix)
    script(folder / "clock" / "date", FAKE_DATE)
    (folder / "credentials").mkdir()
    (folder / "credentials" / "key").write_text("ab" * 32, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def call(home, project):
    """Give what runs a command as a scheduler does: by sh, with hardly a variable, in any folder."""

    def called(command, **environment):
        bare = {
            "PATH": f"{home / 'clock'}:/usr/bin:/bin", "HOME": str(home), "TODAY": TODAY, "PYTHONPATH": str(project),
            "CREDENTIALS_DIRECTORY": str(home / "credentials"),
        }  # fmt: skip
        command = command.replace("/srv/crm", str(home))
        return ended("/bin/sh", "-c", command, env=bare | environment, cwd="/", timeout=300)

    return called


def cron_line():
    (line,) = [each for each in (DEPLOY / "crontab").read_text().splitlines() if re.match(r"[\d*]", each)]
    return line.split(maxsplit=5)


def in_range(fields):
    limits = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]
    return all(
        part == "*" or low <= int(part) <= high
        for field, (low, high) in zip(fields, limits, strict=True)
        for part in field.split(",")
    )


@pytest.fixture(scope="module")
def published(home, call):
    """Run cron's line, which publishes October; the others then find it up to date, which is quick."""
    *_fields, command = cron_line()
    done = call(command)
    assert done.returncode == 0, done.stderr
    return home / "reports" / "shop" / "2026-10"


def test_the_line_for_cron_publishes_last_month(published, call):
    *fields, command = cron_line()
    assert in_range(fields)
    assert not re.search(r"(?<!\\)%", command), "cron takes a bare % for the end of the line"
    manifest = (published / "manifest.json").read_text()
    assert call(command).returncode == 0
    assert (published / "manifest.json").read_text() == manifest


@pytest.mark.parametrize(
    ("today", "month"),
    [("2026-11-02", "2026-10"), ("2026-03-31", "2026-02"), ("2027-01-01", "2026-12"), ("2028-03-30", "2028-02")],
)
def test_last_month_is_last_month_on_any_day(tmp_path, call, today, month):
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    script(tmp_path / ".venv" / "bin" / "crm", '#!/bin/sh\necho "$CRM_KEY" "$@"\nexit 75\n')
    done = call(f"{tmp_path}/deploy/last_month params/shop.yaml", TODAY=today)
    assert done.stdout.split() == ["ab" * 32, "run", "params/shop.yaml", "--month", month, "--resume"]
    assert done.returncode == 75


def test_a_key_that_is_set_is_left_as_it_is(tmp_path, call):
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    script(tmp_path / ".venv" / "bin" / "crm", '#!/bin/sh\necho "$CRM_KEY"\n')
    assert call(f"{tmp_path}/deploy/last_month params/shop.yaml", CRM_KEY="mine").stdout == "mine\n"


@pytest.fixture
def units(tmp_path, home):
    """Copy the units, for the project where it stands here."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not there: systemd's units are not verified")
    for name in ("crm.service", "crm.timer"):
        text = (DEPLOY / "systemd" / name).read_text().replace("/srv/crm", str(home))
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def analyze(*arguments, **options):
    return ended("systemd-analyze", *arguments, timeout=60, **options)


def test_systemd_accepts_the_units(units):
    done = analyze("verify", "--man=no", "./crm.service", "./crm.timer", cwd=units)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_systemd_rates_the_service_as_hardened(units):
    done = analyze("security", "--no-pager", "--offline=true", "--threshold=20", "./crm.service", cwd=units)
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd cannot rate a unit that is not loaded (250 or newer can)")
    assert done.returncode == 0, done.stdout


def test_the_timer_comes_on_the_second(units):
    wanted = re.search(r"OnCalendar=(.+)", (units / "crm.timer").read_text()).group(1)
    assert "-02 06:00:00" in analyze("calendar", wanted).stdout


def test_what_the_service_starts_runs(published, call):
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read_string((DEPLOY / "systemd" / "crm.service").read_text())
    service = unit["Service"]
    environment = dict(pair.split("=") for pair in service["Environment"].split())
    done = call(service["ExecStart"], **environment)
    assert done.returncode == 0, done.stderr
    assert set(service["ReadWritePaths"].split()) == {"/srv/crm/work", "/srv/crm/reports"}
    assert published.is_dir()


def test_systemd_starts_the_service():
    if not Path("/run/systemd/system").is_dir():
        pytest.skip("systemd does not run this machine: its units are verified, and started by hand only")
    pytest.skip("units are not installed by a test")


@pytest.fixture
def operator():
    """Give the arguments of the DAG's operator and of the DAG, read from the source."""
    source = (DEPLOY / "airflow" / "customer_report.py").read_text()
    compile(source, "customer_report.py", "exec")
    calls = {
        node.func.id: {each.arg: each.value for each in node.keywords}
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return calls["BashOperator"], calls["DAG"], calls["CronDataIntervalTimetable"]


def test_the_command_of_airflow_runs_for_the_month_of_its_interval(published, call, operator):
    bash, dag, _timetable = operator
    template = ast.literal_eval(bash["bash_command"])
    command = jinja2.Template(template).render(data_interval_start=datetime(2026, 10, 2, 6, tzinfo=UTC))
    done = call(command, CRM_KEY="ab" * 32)
    assert done.returncode == 0, done.stderr
    assert "--month 2026-10 " in command
    assert published.is_dir()
    assert "CRM_KEY" in ast.literal_eval(bash["env"])
    assert ast.literal_eval(dag["max_active_runs"]) == 1


def test_airflow_loads_the_dag():
    pytest.importorskip("airflow", reason="Airflow is not installed: the DAG is compiled and its command run, no more")
    namespace = {}
    exec((DEPLOY / "airflow" / "customer_report.py").read_text(), namespace)  # noqa: S102
    assert namespace["dag"].task_ids == ["publish"]


@pytest.fixture
def workflow():
    """Load the workflow; YAML 1.1 reads its key `on` as true."""
    return yaml.safe_load((DEPLOY / "github" / "customer-report.yml").read_text())


def test_the_steps_of_the_workflow_are_there_and_run(published, call, project, workflow):
    ((_name, job),) = workflow["jobs"].items()
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert [command for command in commands if command.startswith("make ")] == ["make .venv/.ready"]
    makefile = (project / "Makefile").read_text()
    assert "\nVENV := .venv\n" in makefile
    assert "READY := $(VENV)/.ready\n" in makefile
    for command in [each for each in commands if not each.startswith("make ")]:
        done = call(f"cd /srv/crm && {command}")
        assert done.returncode == 0, done.stderr
    assert published.is_dir()


def test_the_workflow_is_monthly_and_gives_nothing_private_away(workflow):
    ((_name, job),) = workflow["jobs"].items()
    (schedule,) = workflow[True]["schedule"]
    assert in_range(schedule["cron"].split())
    kept = [step["with"]["path"] for step in job["steps"] if step.get("uses", "").startswith("actions/upload-artifact")]
    assert kept == ["reports/"]
    assert "self-hosted" in job["runs-on"]


def instructions():
    """Give the Dockerfile's instructions, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(maxsplit=1)) for line in lines]


def copied():
    """Give what the image copies from the project."""
    return [source for word, rest in instructions() if word == "COPY" for source in rest.split()[:-1]]


def test_the_image_copies_what_is_there_and_ignores_all_else(project):
    assert [source for source in copied() if not (project / source).exists()] == []
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    let_in = [line[1:] for line in ignored if line.startswith("!")]
    assert "*" in ignored
    assert sorted(let_in) == sorted(copied())
    assert not any(fnmatch.fnmatch(private, each) for private in ("work", "data", "reports", ".env") for each in let_in)


def test_the_image_is_built_from_the_lock_and_runs_as_nobody_in_particular():
    found = instructions()
    install = next(rest for word, rest in found if word == "RUN" and "requirements.lock" in rest)
    assert {"--require-hashes", "--only-binary"} <= set(install.split())
    assert ("USER", "10001:10001") in found
    assert found[-1] == ("ENTRYPOINT", '["crm"]')


def test_docker_builds_the_image(project):
    docker = shutil.which("docker") or shutil.which("podman")
    if docker is None or ended(docker, "info").returncode:
        pytest.skip("no Docker or Podman answers here: the image is not built, its layout is emulated below")
    base = next(rest for word, rest in instructions() if word == "FROM")
    if ended(docker, "pull", base).returncode:
        pytest.skip(f"{base} cannot be fetched from here: the image is not built")
    subprocess.run([docker, "build", "-f", "deploy/Dockerfile", "-t", "crm-test", "."], cwd=project, check=True)
    assert "Exit codes" in ended(docker, "run", "--rm", "--read-only", "crm-test", "--help").stdout


READ_ONLY = """
set -e
mount --bind {image} /mnt
for volume in work reports; do mount --bind /mnt/$volume /mnt/$volume; done
if [ -n "{closed}" ]; then
    mount --bind {python} /mnt/python
    mount -t tmpfs -o mode=755 tmpfs {closed}
    mkdir -p {python}
    mount --bind /mnt/python {python}
fi
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -o remount,bind,ro /mnt
mount -o remount,bind,ro /
cd /mnt
exec setpriv --reuid {user} --regid {user} --clear-groups --no-new-privs --bounding-set -all \\
    env -i {environment} {command}
"""
"""A container's eyes: the image read-only at /mnt, two volumes and an empty /tmp writable, another user."""


@pytest.fixture
def container(project, tmp_path, monkeypatch):
    """Give what runs a command in an emulated container of the Dockerfile, without Docker."""
    if os.geteuid() != 0 or ended("unshare", "--mount", "true").returncode:
        pytest.skip("only root may mount in a namespace of its own: the read-only container is not emulated")
    tmp_path.chmod(0o755)
    for source in copied():
        copy = shutil.copytree if (project / source).is_dir() else shutil.copy
        copy(project / source, tmp_path / source)
    user = next(rest for word, rest in instructions() if word == "USER").split(":")[0]
    for volume in ("work", "reports"):
        (tmp_path / volume).mkdir()
        os.chown(tmp_path / volume, int(user), int(user))
    shop(tmp_path, monkeypatch, project)
    (tmp_path / "python").mkdir()
    pairs = next(rest for word, rest in instructions() if word == "ENV").split()
    python = Path(sys.base_prefix)
    doors = [each for each in reversed(python.parents) if not each.stat().st_mode & 0o001]

    def run(*command):
        given = [*pairs, f"PATH={sys.prefix}/bin:/usr/bin:/bin", "PYTHONPATH=/mnt", f"CRM_KEY={'ab' * 32}"]
        text = READ_ONLY.format(
            image=shlex.quote(str(tmp_path)), python=python, closed=doors[0] if doors else "", user=user,
            environment=shlex.join(given), command=shlex.join([f"{sys.prefix}/bin/python", "-W", "ignore", *command]),
        )  # fmt: skip
        return ended("unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", text, timeout=400)

    tried = run("-c", "import crmlib; print(crmlib.__file__)")
    if tried.returncode:
        pytest.skip(f"another user cannot run this Python: {tried.stderr.strip()[-200:]}")
    assert tried.stdout == "/mnt/crmlib/__init__.py\n"
    return run, tmp_path, int(user)


def test_a_report_needs_no_more_than_two_writable_folders_and_an_empty_tmp(container):
    run, image, user = container
    (image / "params").chmod(0o777)
    tried = run("-c", "open('params/x', 'w')")
    assert "Read-only file system" in tried.stderr
    done = run("-m", "crmlib.running.cli", "run", "params/shop.yaml", "--month", "2026-10")
    assert done.returncode == 0, done.stdout + done.stderr
    page = image / "reports" / "shop" / "2026-10" / "index.html"
    assert page.stat().st_uid == user
    assert (image / "work" / "shop").stat().st_mode & 0o777 == 0o700


def test_the_operating_guide_names_every_example():
    guide = (DEPLOY.parent / "docs" / "operating.md").read_text()
    files = [file.relative_to(DEPLOY.parent) for file in DEPLOY.rglob("*") if file.is_file()]
    assert [str(file) for file in files if f"(../{file})" not in guide] == []


def test_the_alerts_ask_for_what_is_written(tmp_path):
    blocks = re.findall(r"```yaml\n(.+?)```", (DEPLOY / "README.md").read_text(), re.DOTALL)
    rules = next(block for block in map(yaml.safe_load, blocks) if "groups" in block)["groups"][0]["rules"]
    end = {"series": "shop", "period": "2026-10", "status": "success", "exit_code": 0, "seconds": 1, "warnings": []}
    write_metrics(tmp_path / "crm.prom", end)
    written = set(re.findall(r"^crm_\w+", (tmp_path / "crm.prom").read_text(), re.MULTILINE))
    assert {name for rule in rules for name in re.findall(r"crm_\w+", rule["expr"])} <= written
