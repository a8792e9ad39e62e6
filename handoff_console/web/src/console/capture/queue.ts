import type { CaptureBody, Captured } from '../../api/capture'

/** `waiting`: being sent or next. `failed`: goes again by itself. `refused`: somebody has to look at it. */
export type SendState = 'waiting' | 'failed' | 'refused'

/** A registered matter on its way; its photos are kept apart, by client_id. */
export interface Sending {
  body: CaptureBody
  title: string
  at: string
  state: SendState
  /** Why it was refused, in words for the officer. */
  reason?: string
}

/** How one attempt ended. `offline` stops the queue; `refused` concerns this one alone. */
export type Outcome =
  { kind: 'done'; made: Captured } | { kind: 'offline' } | { kind: 'refused'; reason: string }

/** The oldest that waits, unless the net is down. */
export function nextToSend(queue: Sending[]): Sending | null {
  if (queue.some((each) => each.state === 'failed')) return null
  return queue.find((each) => each.state === 'waiting') ?? null
}

/** Writes down how an attempt ended: what is done leaves the queue, what waits behind a dead net has failed too. */
export function afterAttempt(queue: Sending[], clientId: string, outcome: Outcome): Sending[] {
  if (outcome.kind === 'offline')
    return queue.map((each) => (each.state === 'waiting' ? { ...each, state: 'failed' } : each))
  if (outcome.kind === 'done') return queue.filter((each) => each.body.client_id !== clientId)
  return queue.map((each) =>
    each.body.client_id === clientId ? { ...each, state: 'refused', reason: outcome.reason } : each,
  )
}

/** Puts what failed back, under the same ids: what did arrive is not registered twice. */
export function retryFailed(queue: Sending[]): Sending[] {
  return queue.map((each) => (each.state === 'failed' ? { ...each, state: 'waiting' } : each))
}
