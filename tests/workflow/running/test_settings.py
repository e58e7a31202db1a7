"""Two processes that note the same thing at once: neither fails, and only one is the first."""

from threading import Barrier, Thread

from tests.district import District
from workflow import settings
from workflow.models import Setting


def noted(district: District, write) -> list[object]:
    """What two processes are answered that both looked before either wrote."""
    answers: list[object] = []
    ready = Barrier(2)

    def one(value: str) -> None:
        with district.database.reading() as session:
            assert session.get(Setting, "month") is None
        ready.wait()
        try:
            with district.database.acting() as conn:
                answers.append(write(conn, "month", value))
        except Exception as error:  # noqa: BLE001 - that none comes is what is tested
            answers.append(error)

    threads = [Thread(target=one, args=(value,)) for value in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_both_may_put_a_value(district: District):
    assert noted(district, settings.put) == [None, None]
    with district.database.reading() as session:
        assert session.get_one(Setting, "month").value in ("a", "b")


def test_only_one_is_the_first(district: District):
    assert sorted(map(str, noted(district, settings.put_first))) == ["False", "True"]
