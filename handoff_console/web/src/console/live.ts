import { ref } from 'vue'
import type { LiveEvent, Presence } from '../api/types'
import { eventsUrl, isFresh, type Cursor } from '../live/events'
import type { ServerEvent } from '../live/sse'
import { EventStream, type LinkState } from '../live/stream'
import { loadSession, officer } from './session'

/** What a part of the page wants to hear of. */
export interface Listener {
  /** Something happened: what is shown about it must be fetched again. */
  onEvent?: (event: LiveEvent) => void
  /** The line is up (again): everything shown must be fetched again, whatever was missed. */
  onLive?: () => void
  onPresence?: (conversation: string, present: Presence[]) => void
}

export const link = ref<LinkState>('connecting')
/** Since when what is on screen may be out of date; null while live. */
export const staleSince = ref<Date | null>(null)
/** The chosen engine is out of reach: the built-in one understands residents meanwhile. */
export const understandingDegraded = ref(false)

const listeners = new Set<Listener>()
let cursor: Cursor = null
let stream: EventStream | null = null
let restart: ReturnType<typeof setTimeout> | undefined

const RESTART_MS = 3_000

/** Starts telling `listener`; the returned function stops it. */
export function listen(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Logged out: the login page comes up. Still somebody, or the question went astray: listen again, but not at once. */
async function askWhoWeAre(): Promise<void> {
  await loadSession()
  if (officer.value && stream) restart = setTimeout(startLive, RESTART_MS)
}

function takeState(state: LinkState): void {
  link.value = state
  if (state === 'refused') void askWhoWeAre()
  if (state === 'lost' || state === 'refused') staleSince.value ??= new Date()
  if (state !== 'live') return
  staleSince.value = null
  understandingDegraded.value = false // the stream says so first thing if it is not
  for (const listener of listeners) listener.onLive?.()
}

function takePresence(data: string): void {
  const { conversation_id, present } = JSON.parse(data) as { conversation_id: string; present: Presence[] }
  for (const listener of listeners) listener.onPresence?.(conversation_id, present)
}

function takeEvent(data: string): void {
  const event = JSON.parse(data) as LiveEvent
  if (!isFresh(cursor, event.seq)) return
  cursor = event.seq
  for (const listener of listeners) listener.onEvent?.(event)
}

function take({ kind, data }: ServerEvent): void {
  if (kind === 'presence') takePresence(data)
  else if (kind === 'understanding')
    understandingDegraded.value = (JSON.parse(data) as { degraded: boolean }).degraded
  else takeEvent(data)
}

export function startLive(): void {
  stream?.stop()
  stream = new EventStream({
    url: () => eventsUrl(cursor),
    onEvent: take,
    onState: takeState,
  })
  stream.start()
}

export function stopLive(): void {
  clearTimeout(restart)
  stream?.stop()
  stream = null
  cursor = null
  staleSince.value = null
  understandingDegraded.value = false
}

export function reconnectNow(): void {
  stream?.retryNow()
}
