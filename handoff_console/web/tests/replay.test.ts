import { describe, expect, it, vi } from 'vitest'
import { coalesce } from '../src/live/coalesce'
import { eventsUrl, isFresh, type Cursor } from '../src/live/events'
import { hasGap, mergeTurns } from '../src/live/turns'

describe('the cursor of events', () => {
  it('asks for everything after the last one seen', () => {
    expect(eventsUrl(null)).toBe('/api/events')
    expect(eventsUrl(41)).toBe('/api/events?after=41')
  })

  it('acts on each event once across a reconnect that repeats some', () => {
    let cursor: Cursor = null
    const acted: number[] = []
    for (const seq of [5, 6, 9, 6, 9, 10]) {
      if (!isFresh(cursor, seq)) continue
      cursor = seq
      acted.push(seq)
    }
    expect(acted).toEqual([5, 6, 9, 10])
  })
})

describe('mergeTurns', () => {
  it('shows each seq once, in order, in its newest copy', () => {
    const known = [
      { seq: 1, delivery: 'pending' },
      { seq: 2, delivery: 'sent' },
    ]
    const merged = mergeTurns(known, [
      { seq: 3, delivery: null as unknown as string },
      { seq: 1, delivery: 'failed' },
    ])
    expect(merged.map((turn) => [turn.seq, turn.delivery])).toEqual([
      [1, 'failed'],
      [2, 'sent'],
      [3, null],
    ])
  })

  it('finds a hole', () => {
    expect(hasGap([])).toBe(false)
    expect(hasGap([{ seq: 7 }, { seq: 8 }])).toBe(false)
    expect(hasGap([{ seq: 7 }, { seq: 9 }])).toBe(true)
  })
})

describe('coalesce', () => {
  it('answers a burst with one run now and one after', async () => {
    let runs = 0
    let release: () => void = () => undefined
    const run = coalesce(() => {
      runs += 1
      return runs === 1 ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve()
    })
    const all = Promise.all([run(), run(), run(), run()])
    release()
    await all
    expect(runs).toBe(2)
    await run()
    expect(runs).toBe(3)
  })

  it('rests between two runs', async () => {
    vi.useFakeTimers()
    let runs = 0
    const run = coalesce(async () => {
      runs += 1
    }, 400)
    void run()
    void run()
    await vi.advanceTimersByTimeAsync(399)
    expect(runs).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(runs).toBe(2)
    vi.useRealTimers()
  })
})
