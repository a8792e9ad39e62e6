import { describe, expect, it } from 'vitest'
import type { Matter } from '../src/api/capture'
import {
  asksConsent,
  bodyOf,
  freshDraft,
  missing,
  onTheSpot,
  search,
  type Draft,
} from '../src/console/capture/draft'
import { afterAttempt, nextToSend, retryFailed, type Sending } from '../src/console/capture/queue'

const LAMP: Draft = {
  ...freshDraft(),
  matter: { category: 'public_facility', kind: 'light', title: '路灯', lines: [] },
  text: ' 三盏不亮 ',
  point: [30.65, 104.06],
}

function sending(clientId: string, state: Sending['state'] = 'waiting'): Sending {
  return { body: bodyOf({ ...LAMP, clientId }), title: '路灯', at: '2026-11-22T09:00:00Z', state }
}

const states = (queue: Sending[]) => queue.map((each) => each.state)
const made = {
  number: 'JS1',
  title: '',
  owner: { officer_id: 'x', name: '', unit_name: '' },
  unit_name: '',
  placed: true,
  due_at: null,
  may_open: true,
  before: [],
}

describe('what is registered on the way', () => {
  it('goes one after the other, and leaves when it has arrived', () => {
    const queue = [sending('a'), sending('b')]
    expect(nextToSend(queue)?.body.client_id).toBe('a')
    const rest = afterAttempt(queue, 'a', { kind: 'done', made })
    expect(rest.map((each) => each.body.client_id)).toEqual(['b'])
  })

  it('waits with everything behind it when the net is down, and goes again under the same id', () => {
    const down = afterAttempt([sending('a'), sending('b')], 'a', { kind: 'offline' })
    expect(states(down)).toEqual(['failed', 'failed'])
    expect(nextToSend(down)).toBe(null)
    const again = retryFailed(down)
    expect(nextToSend(again)?.body.client_id).toBe('a')
  })

  it('stays to be put right when it was refused, and holds up nothing', () => {
    const queue = afterAttempt([sending('a'), sending('b')], 'a', { kind: 'refused', reason: '太大' })
    expect(queue[0]?.reason).toBe('太大')
    expect(nextToSend(queue)?.body.client_id).toBe('b')
    expect(states(retryFailed(queue))).toEqual(['refused', 'waiting'])
  })
})

describe('a draft', () => {
  it('says what is missing, one thing at a time', () => {
    expect(missing(freshDraft())).toContain('什么事')
    expect(missing({ ...LAMP, text: ' ' })).toContain('一句话')
    expect(missing({ ...LAMP, point: null })).toContain('在哪儿')
    expect(missing({ ...LAMP, source: 'hotline' })).toContain('工单号')
    expect(missing({ ...LAMP, source: 'visit', phone: '13800138000' })).toContain('同意')
    expect(missing(LAMP)).toBe(null)
  })

  it('asks for consent only of who stands there', () => {
    const named = { ...LAMP, name: '李桂兰' }
    expect(asksConsent({ ...named, source: 'visit' })).toBe(true)
    expect(asksConsent({ ...named, source: 'letter' })).toBe(false)
    expect(asksConsent({ ...named, source: 'patrol' })).toBe(false)
    expect(asksConsent({ ...LAMP, source: 'walk_in' })).toBe(false)
  })

  it('names nobody on patrol', () => {
    const body = bodyOf({
      ...LAMP,
      name: '李桂兰',
      phone: '13800138000',
      outsideNumber: '1',
      consent: 'spoken',
    })
    expect([body.name, body.phone, body.outside_number, body.consent]).toEqual(['', '', '', null])
    expect([body.text, body.lat, body.lng]).toEqual(['三盏不亮', 30.65, 104.06])
  })

  it('takes the phone’s place only on the spot', () => {
    expect((['patrol', 'visit', 'walk_in', 'letter', 'hotline'] as const).filter(onTheSpot)).toEqual([
      'patrol',
      'visit',
    ])
  })
})

describe('finding a matter', () => {
  const matter = (name: string, ...words: string[]): Matter => ({ category: name, kind: null, name, words })
  const all = [matter('物业服务', '电梯'), matter('电梯', '升降机'), matter('供暖', '暖气不热')]

  it('puts names before words', () => {
    expect(search(all, '电梯').map((each) => each.name)).toEqual(['电梯', '物业服务'])
  })

  it('finds by what residents say', () => {
    expect(search(all, '暖气').map((each) => each.name)).toEqual(['供暖'])
    expect(search(all, ' ')).toEqual([])
  })
})
