import type { ChatMessage } from './wire'

/** What a resident's line consists of. A file itself is kept apart, by client_id. */
export type Content =
  | { kind: 'text'; text: string }
  | { kind: 'button'; text: string; payload: string }
  | { kind: 'start'; text: string; payload: string }
  | { kind: 'location'; text: string; location: [number, number] }
  | { kind: 'file'; text: string; photo: boolean; count?: number }

/** `waiting`: being sent or next. `sent`: stored, not yet seen in the record. `failed`: may be tried again. `refused`: never. */
export type SendState = 'waiting' | 'sent' | 'failed' | 'refused'

export interface Outgoing {
  clientId: string
  at: string
  content: Content
  state: SendState
  /** Why it was refused, in words for the resident. */
  reason?: string
}

/** How one attempt ended. `offline` stops the queue (order matters); `refused` concerns this line alone. */
export type Outcome =
  { kind: 'sent'; notice?: string } | { kind: 'offline' } | { kind: 'refused'; reason: string }

/** The next line to send: the oldest waiting one, but never past a failed one, so that order is kept. */
export function nextToSend(lines: Outgoing[]): Outgoing | null {
  for (const line of lines) {
    if (line.state === 'failed') return null
    if (line.state === 'waiting') return line
  }
  return null
}

/** Writes down how an attempt ended. When the net is down, all that waits behind has failed too. */
export function afterAttempt(lines: Outgoing[], clientId: string, outcome: Outcome): Outgoing[] {
  return lines.map((line) => {
    if (outcome.kind === 'offline') return line.state === 'waiting' ? { ...line, state: 'failed' } : line
    if (line.clientId !== clientId) return line
    return outcome.kind === 'sent'
      ? { ...line, state: 'sent' }
      : { ...line, state: 'refused', reason: outcome.reason }
  })
}

/** Puts failed lines back in the queue, with their ids: a line that did arrive is not stored twice. */
export function retryFailed(lines: Outgoing[]): Outgoing[] {
  return lines.map((line) => (line.state === 'failed' ? { ...line, state: 'waiting' } : line))
}

/** Drops the lines that have come back in the record. */
export function withoutStored(lines: Outgoing[], messages: ChatMessage[]): Outgoing[] {
  const stored = new Set(messages.map((message) => message.client_id).filter(Boolean))
  return lines.filter((line) => !stored.has(line.clientId))
}

/** What is taken into a new session: only what the old one never got. */
export function unsent(lines: Outgoing[]): Outgoing[] {
  return lines.filter((line) => line.state === 'waiting' || line.state === 'failed')
}
