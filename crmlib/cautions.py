"""What a reader must know of a report's data: sentences that a chapter leaves, and the manifest's warnings repeat."""

import json
from collections.abc import Sequence
from pathlib import Path


def keep_cautions(folder: Path, chapter: str, sentences: Sequence[str]) -> None:
    """Keep the cautions of a chapter in place of those it had.

    Parameters
    ----------
    folder
        The run's folder of cautions.
    chapter
        Stem of the chapter.
    sentences
        As the page says them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(list(sentences), ensure_ascii=False, indent=1)
    (folder / f"{chapter}.json").write_text(text + "\n", encoding="utf-8")


def read_cautions(folder: Path) -> list[str]:
    """Read the cautions of all chapters, in the order of the chapters; none where no chapter left any.

    Examples
    --------
    >>> read_cautions(Path("no/such/folder"))
    []
    """
    return [
        sentence for file in sorted(folder.glob("*.json")) for sentence in json.loads(file.read_text(encoding="utf-8"))
    ]
