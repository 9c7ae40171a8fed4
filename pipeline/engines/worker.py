"""A worker process: units of work come in on standard input, what became of them goes out on standard output.

Started as ``python -m pipeline.engines.worker``. Messages are pickles with their length in eight bytes before them.
It ends when its input ends, so it never outlives the run that started it by more than one unit.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import traceback
from typing import Any, BinaryIO

from pipeline.errors import PipelineError, is_out_of_memory

_OBJECTS = 50_000  # made between two collections: hardly any are in cycles, so none need be looked for often


def send(stream: BinaryIO, message: Any) -> None:
    """Write one message."""
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(len(content).to_bytes(8, "little"))
    stream.write(content)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Read one message; EOFError where the other side is gone."""
    head = stream.read(8)
    if len(head) < 8:
        raise EOFError("the other side has ended")
    content = stream.read(int.from_bytes(head, "little"))
    if len(content) < int.from_bytes(head, "little"):
        raise EOFError("the other side ended in the middle of a message")
    return pickle.loads(content)  # noqa: S301 -- from our own parent or child over a private pipe


def main() -> None:
    """Take the work function and then unit after unit until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what a Ctrl-C means
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not break a message
    try:
        memory_mb, work = receive(sys.stdin.buffer)
        _limit(memory_mb)
        send(channel, _answer(work, receive(sys.stdin.buffer)))
        gc.freeze()  # models and lists are loaded and stay; to look through them at each collection costs time
        gc.set_threshold(_OBJECTS)
        while True:
            send(channel, _answer(work, receive(sys.stdin.buffer)))
    except (EOFError, BrokenPipeError):
        return


def _answer(work: Any, unit: Any) -> tuple[str, Any]:
    try:
        return "done", work(unit)
    except PipelineError as error:
        return "error", error
    except Exception as error:  # noqa: BLE001 -- a process boundary: the parent raises it again
        return ("memory", None) if is_out_of_memory(error) else ("bug", traceback.format_exc())


def _limit(memory_mb: int) -> None:
    """Let an allocation beyond the limit fail here instead of taking the machine down; Linux alone has the means."""
    if memory_mb and sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory_mb << 20, memory_mb << 20))


if __name__ == "__main__":
    main()
