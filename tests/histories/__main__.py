"""`python -m tests.histories`: record every history anew."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.district import prepare
from tests.histories.stories import BEGINS, STORIES, tell
from tests.histories.tape import FOLDER, Recorder, write


def main() -> None:
    """Tell every story under every edition and keep what happened."""
    for edition in BEGINS:
        for name in STORIES:
            with tempfile.TemporaryDirectory() as folder:
                url = f"sqlite:///{Path(folder)}/story.db"
                prepare(url)
                recorder = Recorder(url)
                tell(recorder, edition, name)
                write(FOLDER / f"{edition}-{name}.json", recorder)
                recorder.close()


if __name__ == "__main__":
    main()
