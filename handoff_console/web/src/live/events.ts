/** Where we stand in the stream of events: the last seq we acted on, null before the first. */
export type Cursor = number | null

/** Whether an event is new to us. After a reconnect the server repeats from the cursor; nothing is acted on twice. */
export function isFresh(cursor: Cursor, seq: number): boolean {
  return cursor === null || seq > cursor
}

/** The address that asks for everything after the cursor; without one, for what happens from now on. */
export function eventsUrl(cursor: Cursor): string {
  return cursor === null ? '/api/events' : `/api/events?after=${cursor}`
}
