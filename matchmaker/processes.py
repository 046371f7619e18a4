"""Keeps a few programs running, shows what they say, and ends them all when asked to.

Every program gets a session of its own, so that Ctrl-C in a terminal, or a signal to the whole process group, reaches only
this process, which then ends the programs in the right order. On Linux they are told to end even if this one is killed.
"""

import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK = 0.2
LONGEST_PAUSE = 20.0
STEADY_AFTER = 30.0
"""A program that ran this many seconds is started again at once; one that falls over sooner waits longer each time."""
MOST_FALLS = 6
"""So many falls in a row, each soon after the start, and the program is given up."""
PR_SET_PDEATHSIG = 1


class Stopping(Exception):
    """Someone asked us to stop."""


class GaveUp(Exception):
    """A program does not run, however often it is started; the message says which."""


@dataclass
class Program:
    """One program: how it is called, and how it fares."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    falls: int = 0
    start_at: float = 0.0
    partial: bytes = b""


def _die_with_parent() -> Callable[[], None] | None:
    """Returns what a child runs so that Linux ends it when this process is gone; None elsewhere."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Starts programs, passes on their lines with a name before each, and starts again what falls over."""

    def __init__(self, environment: Mapping[str, str], *, grace: float = 8.0) -> None:
        self.environment, self.grace = dict(environment), grace
        self.programs: list[Program] = []
        self.asked = 0
        self._pipes = selectors.DefaultSelector()
        self._before_child = _die_with_parent()
        for number in ENDING:
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        """Notes that someone wants us to stop; the loop sees it within a tick."""
        self.asked += 1

    def say(self, line: str, name: str = "run") -> None:
        """Prints one line under a name."""
        print(f"{name:<8}| {line}" if name else line, flush=True)

    def step(self, name: str, command: Sequence[str]) -> None:
        """Runs a program to its end while the others go on; raises GaveUp when it fails."""
        program = Program(name, command)
        self._spawn(program)
        try:
            while program.process is not None and program.process.poll() is None:
                self.tend()
            self._drain(program)
        finally:
            self._end([program], self.grace)
        if program.process is None or program.process.returncode:
            raise GaveUp(f"{name} failed; the lines above say why.")

    def start(self, program: Program) -> None:
        """Starts a program that is meant to go on running."""
        self.programs.append(program)
        self._spawn(program)

    def tend(self, seconds: float = TICK) -> None:
        """Passes on what was said, and starts again what fell over; raises Stopping when asked to stop."""
        until = time.monotonic() + seconds
        while True:
            for key, _ in self._pipes.select(max(0.0, until - time.monotonic())):
                self._pass_on(key.data)
            if self.asked:
                raise Stopping
            for program in self.programs:
                self._revive(program)
            if time.monotonic() >= until:
                return

    def stop(self, *, last: Sequence[str] = ()) -> None:
        """Ends all programs; those named in ``last`` only when the others are gone."""
        asked = self.asked
        first = [program for program in self.programs if program.name not in last]
        for group in (first, [program for program in self.programs if program.name in last]):
            self._end(group, self.grace, hurry=lambda: self.asked > asked)
        self.programs.clear()

    def _spawn(self, program: Program) -> None:
        program.started = time.monotonic()
        program.process = subprocess.Popen(
            program.command,
            env=self.environment | dict(program.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=self._before_child,  # noqa: PLW1509 - one call into libc, and this process has a single thread
        )
        if program.process.stdout is not None:
            os.set_blocking(program.process.stdout.fileno(), False)
            self._pipes.register(program.process.stdout, selectors.EVENT_READ, program)

    def _revive(self, program: Program) -> None:
        """Starts a fallen program again, later each time that it falls soon after its start."""
        if program.process is not None:
            code = program.process.poll()
            if code is None:
                return
            self._drain(program)
            _signal_group(program.process.pid, signal.SIGKILL)  # what it may have left behind
            now = time.monotonic()
            program.falls = 1 if now - program.started > STEADY_AFTER else program.falls + 1
            if program.falls >= MOST_FALLS:
                raise GaveUp(f"{program.name} stopped {program.falls} times in a row; the lines above say why.")
            pause = min(LONGEST_PAUSE, 2.0 ** (program.falls - 1) - 1)
            program.process, program.start_at = None, now + pause
            self.say(f"stopped with exit {code}; starts again in {pause:.0f} s", program.name)
        if time.monotonic() >= program.start_at:
            self._spawn(program)

    def _pass_on(self, program: Program) -> None:
        """Prints the whole lines that a program has written."""
        pipe = program.process.stdout if program.process else None
        if pipe is None:
            return
        try:
            written = os.read(pipe.fileno(), 65536)
        except BlockingIOError:
            return
        if not written:
            self._pipes.unregister(pipe)
            pipe.close()
        *lines, program.partial = (program.partial + written).split(b"\n")
        if not written and program.partial:
            lines, program.partial = [*lines, program.partial], b""
        for line in lines:
            self.say(line.decode("utf-8", errors="replace").rstrip(), program.name)

    def _drain(self, program: Program) -> None:
        """Prints what a program that has ended said last."""
        pipe = program.process.stdout if program.process else None
        while pipe is not None and not pipe.closed and self._ready(pipe.fileno()):
            self._pass_on(program)
        if pipe is not None and not pipe.closed:  # a descendant still holds it
            self._pipes.unregister(pipe)
            pipe.close()

    def _ready(self, number: int) -> bool:
        """True when a pipe can be read without waiting."""
        with selectors.DefaultSelector() as one:
            one.register(number, selectors.EVENT_READ)
            return bool(one.select(0))

    def _end(self, programs: Sequence[Program], grace: float, hurry: Callable[[], bool] = lambda: False) -> None:
        """Asks programs to end, waits, and kills what is left of each and of what it started."""
        running = [program for program in programs if program.process is not None]
        for program in running:
            if program.process is not None and program.process.poll() is None:
                program.process.terminate()
        until = time.monotonic() + grace
        while any(program.process and program.process.poll() is None for program in running):
            if time.monotonic() > until or hurry():
                break
            for key, _ in self._pipes.select(TICK):
                self._pass_on(key.data)
        for program in running:
            if program.process is not None:
                _signal_group(program.process.pid, signal.SIGKILL)
                program.process.wait()
                self._drain(program)


def _signal_group(leader: int, number: signal.Signals) -> None:
    """Sends a signal to a program's whole group, if anything of it is left."""
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):
        return
