"""The hall: the only place that knows all rooms. Read it from top to bottom like a recipe."""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI

from crisis_hub.adapters.clock import SystemClock
from crisis_hub.adapters.exchange.icalendar_file import ICalendarFile
from crisis_hub.adapters.metronome import Metronome
from crisis_hub.application import reactions
from crisis_hub.application.arranging import Arranging
from crisis_hub.application.auditor import Auditor
from crisis_hub.application.board import Board, Change
from crisis_hub.application.calendars import Calendars
from crisis_hub.application.calls import Calls
from crisis_hub.application.canary import CALL_CANARY, SEND_CANARY, Canary
from crisis_hub.application.cover_notices import CoverNotices
from crisis_hub.application.coverage import ANNOUNCE_COVERAGE, CoverageWatch
from crisis_hub.application.coverage_words import CoverageWords
from crisis_hub.application.covers import Covers
from crisis_hub.application.dead_man import DeadMan
from crisis_hub.application.door import Door
from crisis_hub.application.errands import Errands
from crisis_hub.application.guide import Guides
from crisis_hub.application.hub import Hub
from crisis_hub.application.intake import Intake
from crisis_hub.application.lookups import Lookups
from crisis_hub.application.notices import HandOffs
from crisis_hub.application.other_calls import OtherCalls
from crisis_hub.application.owed import Owed
from crisis_hub.application.pages import Pages
from crisis_hub.application.paging import Paging
from crisis_hub.application.plans import NOTE_OPT_OUT, PROVE_WAY, SEND_COVER_NOTICE, SEND_NOTICE, TELL_OF_COVER
from crisis_hub.application.ports import Clock, StoreUnavailable
from crisis_hub.application.reach import Reachability
from crisis_hub.application.reaching import Reaching, Senders
from crisis_hub.application.replies import Replies
from crisis_hub.application.reports import Reports
from crisis_hub.application.rotas import Rotas
from crisis_hub.application.rulebooks import Rulebooks
from crisis_hub.application.service import Service
from crisis_hub.application.shifts import Shifts
from crisis_hub.application.staff import Directory
from crisis_hub.application.trial_pages import TrialPages
from crisis_hub.application.watch import Watch
from crisis_hub.connections import Tools, connect
from crisis_hub.domain.events import StaffFact
from crisis_hub.domain.vocabulary import Method
from crisis_hub.settings import Settings
from crisis_hub.web.app import create_app
from crisis_hub.web.parts import Parts, Place, Ready
from crisis_hub.web.telemetry import Telemetry


class House:
    """One process of crisis_hub, put together: `open` it, serve its `app`, `close` it."""

    def __init__(self, tools: Tools, place: Place, language: str) -> None:
        owner = f"{socket.gethostname()}-{os.getpid()}-{tools.ids.new()[-8:]}"
        store, clock, bus = tools.store, tools.clock, tools.bus
        self.tools = tools
        self.directory = Directory(store, clock, bus)
        self.rulebooks = Rulebooks(store, bus, clock, tools.rulebook, self.directory)
        rulebook = self.rulebooks.current
        self.hub = Hub(store, bus, clock, tools.keyring, rulebook)
        self.board = Board(store, bus)
        self.rotas = Rotas(store, bus, clock, rulebook, self.board.catch_up)
        self.service = Service(self.board, self.directory, clock, rulebook, self.rotas)
        self.coverage = CoverageWatch(store, bus, clock, self.directory, rulebook, self.rotas)
        self.intake = Intake(self.hub, store, clock, tools.ids, tools.keyring, rulebook, language, place.drill)
        self.pages = Pages(self.hub, store, clock, tools.keyring, self.directory, rulebook, place.public_url)
        pager = tools.pager or tools.telephony
        senders = Senders(pager, tools.push, tools.mail)
        self.reaching = Reaching(senders, tools.keyring, self.directory, rulebook, place.public_url)
        others = OtherCalls(store, self.board, self.directory, clock)
        self.lookups = Lookups(self.hub, self.board, others, pager, clock, tools.keyring, self.reaching.address, owner)
        self.paging = Paging(
            self.hub, store, pager, clock, self.directory, rulebook, self.reaching, self.lookups, self.rotas, owner
        )
        self.replies = Replies(self.hub, store, tools.telephony, clock, owner)
        self.calls = Calls(self.hub, store, tools.telephony, clock, self.directory, owner)
        coverage_words = CoverageWords(
            store, pager, self.reaching, clock, self.directory, rulebook, place.public_url, owner, drill=place.drill
        )
        flies = (store, bus, clock, tools.ids, pager, owner)
        every = timedelta(minutes=tools.canary_minutes)
        self.canary = Canary(*flies, tools.canary_number, every)
        self.canary_call = Canary(*flies, tools.canary_call_number, every, Method.VOICE)
        self.service.canary, self.service.canary_call = self.canary.standing, self.canary_call.standing
        self.reachability = Reachability(
            self.hub, store, clock, tools.ids, tools.keyring, self.directory, self.reaching, tools.addresses, owner
        )
        self.trials = TrialPages(
            store, clock, tools.ids, tools.keyring, self.directory, self.reaching, self.reachability
        )
        self.hand_offs = HandOffs(store, clock, self.directory, self.rotas, self.reaching, tools.handoff_before, owner)
        cover_notices = CoverNotices(store, clock, self.directory, self.rotas, self.reaching, owner)
        self.errands = Errands(
            store,
            bus,
            clock,
            {
                reactions.PAGE_STEP: self.paging.page_step,
                reactions.SEND_PAGE: self.paging.send,
                reactions.TELL_TAKEN: self.paging.tell_taken,
                reactions.STOP_RINGING: self.paging.stop_ringing,
                reactions.SEND_TEXT: self.replies.send,
                reactions.RING_ROOM: self.calls.ring_into_room,
                PROVE_WAY: self.reachability.prove,
                NOTE_OPT_OUT: self.reachability.opted_out,
                SEND_NOTICE: self.hand_offs.send,
                TELL_OF_COVER: cover_notices.tell,
                SEND_COVER_NOTICE: cover_notices.send,
                SEND_CANARY: self.canary.send,
                CALL_CANARY: self.canary_call.send,
                ANNOUNCE_COVERAGE: coverage_words.announce,
            },
            owner,
        )
        self.watch = Watch(self.hub, store, bus, clock, self.board, self.errands, owner)
        self.auditor = Auditor(self.board, clock)
        self.dead_man = DeadMan(tools.pinger, clock, self._is_well) if tools.pinger else None
        self.door = Door(self.directory, tools.sessions, tools.passwords, tools.keyring, clock)
        self.telemetry = Telemetry(self.board, self.service)
        self._staff_grew = False
        self._stop_watching: Callable[[], None] | None = None
        self._doubts()
        shifts = Shifts(self.rotas, self.directory)
        self.app = create_app(
            Parts(
                place=place,
                clock=clock,
                ids=tools.ids,
                secrets=tools.keyring,
                store=store,
                hub=self.hub,
                board=self.board,
                intake=self.intake,
                canary=self.canary,
                canary_call=self.canary_call,
                pages=self.pages,
                guides=Guides(clock, rulebook, self.paging),
                owed=Owed(store),
                service=self.service,
                reachability=self.reachability,
                trials=self.trials,
                calendars=Calendars(
                    clock, tools.keyring, self.directory, self.rotas, ICalendarFile(), place.public_url
                ),
                push_key=tools.push_key,
                rotas=self.rotas,
                shifts=shifts,
                covers=Covers(self.rotas, shifts, clock, tools.ids),
                arranging=Arranging(self.rotas, shifts, clock, tools.ids),
                coverage=self.coverage,
                reports=Reports(store, self.rotas, drill=place.drill),
                directory=self.directory,
                door=self.door,
                words=tools.words,
                signature=tools.signature,
                rulebook=rulebook,
                rulebooks=self.rulebooks,
                rules_on_file=tools.rules_on_file,
                ready=self.ready,
                watched=self.watch.whole,
                metrics=self.telemetry.text,
                second_account=tools.second_account,
            ),
            self._lifespan,
        )

    async def open(self) -> None:
        """Fold what is open, then begin to work."""
        await self.tools.bus.start()
        await self.directory.load()
        await self.board.load()
        await self.rulebooks.note()
        self._stop_watching = self.board.watch(self._notice)
        await self.rotas.fresh()
        self.watch.also(self.rotas.round)
        self.watch.also(self._refresh)
        await self.canary.load()
        await self.canary_call.load()
        self.watch.also(self.lookups.round)
        self.watch.also(self.canary.round)
        self.watch.also(self.canary_call.round)
        self.watch.also(self.auditor.look)
        self.watch.also(self.hand_offs.round)
        self.watch.also(self.coverage.round)
        if self.dead_man:
            self.watch.also(self.dead_man.round)
        self.errands.start()
        await self.watch.tick()

    async def close(self) -> None:
        """Let what has begun come to its end, then let go of everything."""
        self.watch.close()
        if self.dead_man:
            await self.dead_man.close()
        await self.errands.close()
        await self.lookups.close()
        await self.tools.let_go()
        if self._stop_watching:
            self._stop_watching()
        self.board.close()
        self.app.state.live.close()
        await self.tools.bus.close()
        await self.tools.store.close()

    async def ready(self) -> Ready:
        """Say whether we can record and page, and what we cannot."""
        asked = (
            self.tools.bus.trouble(),
            self.tools.carrier_trouble(),
            self.canary.trouble(),
            self.canary_call.trouble(),
            self.errands.trouble,
            self.auditor.trouble(),
        )
        troubles = [sentence for sentence in asked if sentence]
        serious = False
        try:
            await self.tools.store.check()
        except StoreUnavailable as problem:
            troubles.insert(0, str(problem))
            serious = True
        if not any(person.reach for person in self.directory.everybody()):
            troubles.append("Nobody on the staff list has a telephone number, so nobody can be paged.")
            serious = True
        troubles.extend(self.tools.rulebook().problems)
        return Ready(not serious, tuple(troubles))

    async def _is_well(self) -> bool:
        """Say whether nothing at all is wrong: a doubt is enough to keep the sign of life back."""
        ready = await self.ready()
        return ready.ok and not ready.troubles

    def _doubts(self) -> None:
        if self.dead_man:
            self.service.doubt(self.dead_man.trouble)
        self.service.doubt(self.tools.bus.trouble)
        self.service.doubt(self.tools.carrier_trouble)
        self.service.doubt(self.canary.trouble)
        self.service.doubt(self.canary_call.trouble)
        self.service.doubt(lambda: self.errands.trouble)
        self.service.doubt(lambda: self.watch.trouble)
        self.service.doubt(self.auditor.trouble)
        self.service.doubt(self.rulebooks.trouble)
        self.service.doubt(self.coverage.trouble)
        self.service.coverage = self.coverage.now

    async def _refresh(self) -> None:
        """What every round does besides: rules that changed, staff that changed, screens that must hear of it."""
        self.tools.reload_rules()
        if self.rulebooks.changed():
            await self.rulebooks.note()
        if self._staff_grew:
            self._staff_grew = False
            await self.directory.load()
        await self.app.state.live.refresh()

    def _notice(self, change: Change) -> None:
        self.rulebooks.hear(change.recorded)
        self.canary.hear(change.recorded)
        self.canary_call.hear(change.recorded)
        self.rotas.hear(change.recorded)
        self.coverage.hear(change.recorded)
        if isinstance(change.recorded.fact, StaffFact):
            self._staff_grew = True

    @asynccontextmanager
    async def _lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        await self.open()
        metronome = Metronome(self.watch.tick)
        metronome.start()
        # What was imported never becomes garbage; walking it at every collection cost most of the slowest answers.
        gc.collect()
        gc.freeze()
        try:
            yield
        finally:
            metronome.stop()
            await self.close()


async def house(settings: Settings, clock: Clock | None = None) -> House:
    """Build the house from settings; raises `CannotStart` with one sentence."""
    tools = await connect(settings, clock or SystemClock())
    screens = settings.frontend_dir if settings.frontend_dir.is_dir() else None
    place = Place(settings.service_name, settings.public_url.rstrip("/"), screens, settings.drill)
    return House(tools, place, settings.language)
