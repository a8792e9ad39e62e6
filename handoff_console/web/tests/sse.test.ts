import { describe, expect, it } from 'vitest'
import { reconnectDelay } from '../src/live/backoff'
import { SseReader } from '../src/live/sse'

const STREAM = ': hb\n\nid: 7\nevent: turn_received\ndata: {"seq":7}\n\nevent: presence\ndata: {}\n\n'

describe('SseReader', () => {
  it('reads events, skips heartbeats and keeps no id for the next event', () => {
    expect(new SseReader().push(STREAM)).toEqual([
      { id: '7', kind: 'turn_received', data: '{"seq":7}' },
      { id: null, kind: 'presence', data: '{}' },
    ])
  })

  it('gives the same events wherever the network cuts the stream', () => {
    const whole = new SseReader().push(STREAM)
    for (let cut = 1; cut < STREAM.length; cut += 1) {
      const reader = new SseReader()
      expect([...reader.push(STREAM.slice(0, cut)), ...reader.push(STREAM.slice(cut))]).toEqual(whole)
    }
  })

  it('joins data lines and understands CRLF, also cut in the middle', () => {
    const reader = new SseReader()
    expect(reader.push('data: a\r')).toEqual([])
    expect(reader.push('\ndata:b\r\n\r\n')).toEqual([{ id: null, kind: 'message', data: 'a\nb' }])
  })
})

describe('reconnectDelay', () => {
  it('grows to a ceiling and is spread by chance', () => {
    expect(reconnectDelay(0, 0)).toBe(250)
    expect(reconnectDelay(0, 0.5)).toBe(375)
    expect(reconnectDelay(3, 0)).toBe(2000)
    expect(reconnectDelay(50, 0.999)).toBeLessThanOrEqual(15_000)
  })
})
