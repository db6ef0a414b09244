"""The mailbox between readers and the writer: bounded, and no trap for readers when the writer is gone."""

import threading

import pytest

from flows.mailbox import ClosedError, Mailbox


def test_a_full_box_makes_readers_wait() -> None:
    with Mailbox[int](2) as box:
        written = threading.Event()

        def write() -> None:
            for number in range(3):
                box.put(number)
            written.set()

        thread = threading.Thread(target=write)
        thread.start()
        assert not written.wait(0.2)
        assert [box.get() for _ in range(3)] == [0, 1, 2]
        thread.join()
        assert written.is_set()


def test_closing_lets_go_of_readers_that_wait() -> None:
    caught: list[type[BaseException]] = []

    def write() -> None:
        try:
            box.put(2)
        except ClosedError as error:
            caught.append(type(error))

    with Mailbox[int](1) as box:
        box.put(1)
        thread = threading.Thread(target=write)
        thread.start()
    thread.join()
    assert caught == [ClosedError]
    with pytest.raises(ClosedError):
        box.put(3)
