"""A clock's step as the clockwork takes it: only when a glance found something of its kind."""

from datetime import datetime

from casework.ports import Store
from handoff_console.slices import Slice
from storage.glance import Glance
from storage.memory import MemoryStore


async def stepped(store: Store, clock: Slice, now: datetime) -> bool:
    """Whether it did something; on a database a glance must have told so before."""
    if isinstance(store, MemoryStore):
        return await clock.step(now)
    glance = Glance(clock.looks)
    seen = await store.read(lambda tx: glance(tx, now))  # type: ignore[arg-type]
    done = await clock.step(now)
    assert seen.due or not done, f"{type(clock).__name__} had something to do, and no look saw it"
    return done
