"""The examples of docs/bringing_your_own_data.md run as they stand: files written, commands called, output compared."""

import re
import shlex
import subprocess
import sys

import pytest

BLOCK = re.compile(r"^```(?P<kind>csv|console|yaml|diff)(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def crm(command, folder, code):
    """Call the command line as a reader would; give what it prints."""
    words = shlex.split(command)
    assert words[0] == "crm"
    called = [sys.executable, "-m", "crmlib.running.cli", *words[1:]]
    done = subprocess.run(called, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stderr if code else done.stdout


def edited(text, diff):
    """Apply the minus and plus lines of a diff block, each pair once."""
    old, new = ("".join(line[1:] for line in diff.splitlines(keepends=True) if line.startswith(sign)) for sign in "-+")
    assert text.count(old) == 1
    return text.replace(old, new)


def played(document, folder):
    """Give the document with every output as it is when its commands are run in a folder."""

    def true(block):
        info = dict(word.split("=") for word in block["info"].split())
        text = block["text"]
        if block["kind"] == "csv":
            path = folder / info["file"]
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode(info.get("encoding", "utf-8")))
        elif block["kind"] == "console":
            command = text.splitlines()[0]
            text = f"{command}\n{crm(command.removeprefix('$ '), folder, int(info.get('exit', 0)))}"
        elif "written" in info:
            text = (folder / info["written"]).read_text(encoding="utf-8")
        elif "edit" in info:
            path = folder / info["edit"]
            path.write_text(edited(path.read_text(encoding="utf-8"), text), encoding="utf-8")
        return f"```{block['kind']}{block['info']}\n{text}```"

    return BLOCK.sub(true, document)


@pytest.fixture
def document(project):
    return (project / "docs" / "bringing_your_own_data.md").read_text(encoding="utf-8")


def test_every_example_gives_what_the_page_says(document, tmp_path):
    assert played(document, tmp_path) == document


def test_at_most_three_edits_by_hand_in_each_example(document):
    edits = [block["info"].split("=")[1] for block in BLOCK.finditer(document) if "edit=" in block["info"]]
    assert edits
    assert max(map(edits.count, edits)) <= 3
