"""``station run``: ask for work, react, send what is due, wait at the doorbell. Until told to stop.

Everything is decided in this one thread; the doorbell and the engines only put words in its queue. Whatever is lost
on the way (a ring, an answer, this process) is asked for again: hints are the state of things, not messages.
"""

from __future__ import annotations

import fcntl
import queue
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from station.agent.attempts import Attempts, Hint
from station.agent.contracts import fetch
from station.agent.engines import Engines, Key, Message
from station.agent.hints import beside, read_hint, read_work
from station.agent.outbox import flush
from station.agent.outputs import Outputs
from station.agent.platform import Away, Platform
from station.engine import available
from station.home import Home
from station.reasons import Reason, Refused

ASK_EVERY = 10.0  # seconds: a lost ring costs no more
AWAY_FIRST, AWAY_MOST = 0.5, 10.0
PROGRESS_EVERY = 0.3

Event = tuple[str, Any, Any]
Report = Callable[[str, dict[str, Any]], None]


class Agent:
    """One station at work. ``report(what, facts)`` is told of each thing worth a line."""

    def __init__(self, home: Home, platform: Platform, report: Report) -> None:
        self.home, self.platform, self.report = home, platform, report
        self.events: queue.Queue[Event] = queue.Queue()
        self.engines = Engines(lambda key, message: self.events.put(("engine", key, message)))
        self.attempts, self.outputs = Attempts(home, platform, self.engines), Outputs(home)
        self.stopping = False
        self._waiting: threading.Thread | None = None
        self._told = 0.0
        self._said: set[str] = set()
        self._engines: list[str] | None = None  # as the platform was told last
        self._reactions: dict[str, Callable[[Hint], None]] = {
            "contract": self._contract, "prepare": self.attempts.prepare, "go": self.attempts.go,
            "send": self.attempts.send, "cancel": self.attempts.cancel, "check": self.outputs.check,
            "decided": self.outputs.decided, "receive": self.outputs.receive,
        }  # fmt: skip

    def run(self) -> None:
        """Until SIGTERM, SIGINT or ``stop``; engines end with it, and what is under way counts as lost."""
        with _alone(self.home):
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self.stop())
            self.attempts.abandon_unfinished()
            try:
                self._work()
            finally:
                self.engines.stop_all()

    def stop(self) -> None:
        self.stopping = True
        self.events.put(("stop", None, None))

    def _work(self) -> None:
        away = 0.0
        while not self.stopping:
            try:
                wait, away = self._ask(), 0.0
            except Away:
                if not away:
                    self.report("agent_away", {})
                wait = away = min(max(AWAY_FIRST, 2 * away), AWAY_MOST)
            except Refused as refusal:
                self._complain(refusal.reasons)
                wait = ASK_EVERY
            self._listen(time.monotonic() + wait)

    def _ask(self) -> float:
        """One round: send, ask, react, send what came of it."""
        self._send()
        self._tell_engines()
        hints, doorbell = read_work(self.platform.work())
        for hint in hints:
            self._react(hint)
        self._send()
        self.outputs.end_what_is_done()
        self.outputs.destroy_what_is_over()
        self._wait_at(doorbell)
        return ASK_EVERY

    def _react(self, given: Any) -> None:
        """Whatever is wrong with one hint, the others and the next round go on."""
        try:
            hint = read_hint(given)
            if reaction := self._reactions.get(hint["type"]):
                reaction(hint)
        except (LookupError, TypeError, ValueError, RecursionError) as error:
            self._complain([Reason("platform.unreadable", {"kind": type(error).__name__})])
        except Refused as refusal:
            self._complain(refusal.reasons)

    def _send(self) -> None:
        for reason in flush(self.home, self.platform):
            self._complain([reason])

    def _tell_engines(self) -> None:
        """What this station can compute with, at its start and when that changed: so that others see who lacks one."""
        try:
            if (names := self.home.policy.engines_of(available.engines())) != self._engines:
                self.platform.engines(names)
                self._engines = names
        except Refused as refusal:  # said, and no reason not to work
            self._complain(refusal.reasons)

    def _contract(self, hint: Hint) -> None:
        """A contract that waits for a signature is fetched, so that it can be read when the platform is away."""
        if self.home.ledger.contract(str(hint["contract"])) is None:
            contract = fetch(self.home, self.platform, str(hint["contract"]))
            self.report("agent_contract", {"id": contract.sha256[:12]})

    def _wait_at(self, doorbell: str) -> None:
        """A doorbell elsewhere is not used: asking every ten seconds goes on without."""
        if not doorbell or not beside(self.platform.base, doorbell):
            return
        if self._waiting is None or not self._waiting.is_alive():
            self._waiting = threading.Thread(target=self._doorbell, args=(doorbell,), daemon=True)
            self._waiting.start()

    def _doorbell(self, url: str) -> None:
        try:
            self.platform.wait(url)
        except Away:
            return  # asking every ten seconds goes on
        self.events.put(("ring", None, None))

    def _listen(self, until: float) -> None:
        """What the engines say, until there is a reason to ask for work."""
        while not self.stopping:
            try:
                kind, key, message = self.events.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                return
            if kind != "engine" or self._heard_safely(key, message):
                return

    def _heard_safely(self, key: Key, message: Message) -> bool:
        """A refusal ends this attempt's engine, not the agent: the platform sees that nothing comes of it."""
        try:
            return self._heard(key, message)
        except Refused as refusal:
            self._complain(refusal.reasons)
            self.engines.ended(key)
            return True

    def _heard(self, key: Key, message: Message) -> bool:
        """Whether it changed something that the platform should hear of now."""
        kind = message.get("is")
        if kind == "progress":
            self._progress(key, message)
            return False
        if kind == "prepared":
            self.attempts.prepared(key, message)
        elif kind == "computed":
            self.attempts.computed(key, message)
            self.report("agent_computed", {"run": key[0], "seconds": message["seconds"]})
        elif kind == "failed":
            self.attempts.failed(key, message)
            self._complain([Reason.from_document(item) for item in message["reasons"]])
        if kind in ("computed", "failed"):
            self.engines.ended(key)
        return True

    def _progress(self, key: Key, message: Message) -> None:
        if time.monotonic() - self._told < PROGRESS_EVERY:
            return
        self._told = time.monotonic()
        try:
            self.platform.progress(*key, str(message["phase"]), int(message["percent"]))
        except (Away, Refused):
            return  # only a picture for people; the next one will do

    def _complain(self, reasons: list[Reason]) -> None:
        """Each reason is said once, not at every round."""
        for reason in reasons:
            if (line := reason.text("en")) not in self._said:
                self._said.add(line)
                self.report("agent_trouble", {"reason": reason})


class _alone:
    """One agent per directory: two would answer in one name."""

    def __init__(self, home: Home) -> None:
        self.file = home.root / "agent.lock"

    def __enter__(self) -> None:
        self.held = self.file.open("w")
        try:
            fcntl.flock(self.held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused("home.running", path=str(self.file.parent)) from None

    def __exit__(self, *_: object) -> None:
        self.held.close()
