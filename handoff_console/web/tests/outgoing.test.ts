import { describe, expect, it } from 'vitest'
import {
  afterAttempt,
  nextToSend,
  retryFailed,
  unsent,
  withoutStored,
  type Outgoing,
} from '../src/chat/outgoing'

function outgoing(clientId: string, state: Outgoing['state'] = 'waiting'): Outgoing {
  return { clientId, at: '2026-11-22T09:00:00Z', content: { kind: 'text', text: clientId }, state }
}

const states = (lines: Outgoing[]) => lines.map((line) => line.state)

describe('the queue of a resident’s lines', () => {
  it('sends the oldest waiting line', () => {
    expect(nextToSend([outgoing('a', 'sent'), outgoing('b'), outgoing('c')])?.clientId).toBe('b')
  })

  it('never overtakes a failed line', () => {
    expect(nextToSend([outgoing('a', 'failed'), outgoing('b')])).toBeNull()
  })

  it('marks everything that waits as failed when the net is down, and retries with the same ids', () => {
    const failed = afterAttempt([outgoing('a', 'sent'), outgoing('b'), outgoing('c')], 'b', {
      kind: 'offline',
    })
    expect(states(failed)).toEqual(['sent', 'failed', 'failed'])
    const again = retryFailed(failed)
    expect(states(again)).toEqual(['sent', 'waiting', 'waiting'])
    expect(again.map((line) => line.clientId)).toEqual(['a', 'b', 'c'])
  })

  it('lets the next line pass a refused one', () => {
    const lines = afterAttempt([outgoing('a'), outgoing('b')], 'a', { kind: 'refused', reason: '太大' })
    expect(lines[0]).toMatchObject({ state: 'refused', reason: '太大' })
    expect(nextToSend(lines)?.clientId).toBe('b')
  })

  it('drops a line once the record holds it', () => {
    const rest = { buttons: [], media: [], location: null, officer_name: null }
    const stored = { seq: 1, from: 'resident' as const, text: 'a', at: '', client_id: 'a', ...rest }
    expect(
      withoutStored([outgoing('a', 'sent'), outgoing('b')], [stored]).map((line) => line.clientId),
    ).toEqual(['b'])
  })

  it('takes into a new session only what the old one never got', () => {
    const lines = [outgoing('a', 'sent'), outgoing('b', 'failed'), outgoing('c'), outgoing('d', 'refused')]
    expect(unsent(lines).map((line) => line.clientId)).toEqual(['b', 'c'])
  })
})
