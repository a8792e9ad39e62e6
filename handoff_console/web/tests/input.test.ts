import { describe, expect, it } from 'vitest'
import { backToDraft, marked, stranded, without, type PendingReply } from '../src/console/talk/pending'
import { shortcutOf } from '../src/console/inbox/keys'
import { entersLine } from '../src/input/ime'
import { keep, PageShelf, readKept } from '../src/input/kept'
import { cutAt } from '../src/input/marked'
import { dayName, stretch } from '../src/input/when'

const press = { key: 'Enter', keyCode: 13, isComposing: false, shiftKey: false }

describe('Enter', () => {
  it('sends a line', () => {
    expect(entersLine(press)).toBe(true)
  })

  it('does not send while an input method composes', () => {
    expect(entersLine({ ...press, isComposing: true })).toBe(false)
    expect(entersLine({ ...press, keyCode: 229 })).toBe(false)
  })

  it('makes a new line with Shift', () => {
    expect(entersLine({ ...press, shiftKey: true })).toBe(false)
  })
})

describe('shortcuts', () => {
  const key = { key: 't', isComposing: false, ctrlKey: false, metaKey: false, altKey: false, target: null }
  const inside = (selector: string) =>
    ({ closest: (asked: string) => (asked.includes(selector) ? {} : null) }) as unknown as EventTarget

  it('work on the page', () => {
    expect(shortcutOf(key)).toBe('takeover')
    expect(shortcutOf({ ...key, key: 'j' })).toBe('next')
  })

  it('do nothing while somebody writes, composes or holds Ctrl', () => {
    expect(shortcutOf({ ...key, target: inside('textarea') })).toBeNull()
    expect(shortcutOf({ ...key, isComposing: true })).toBeNull()
    expect(shortcutOf({ ...key, ctrlKey: true })).toBeNull()
  })

  it('leave Enter to the button it is on', () => {
    expect(shortcutOf({ ...key, key: 'Enter', target: inside('button') })).toBeNull()
  })
})

describe('what is kept', () => {
  it('comes back, and damage counts as absent', () => {
    const shelf = new PageShelf()
    expect(keep(shelf, 'draft', '电梯坏了')).toBe(true)
    expect(readKept(shelf, 'draft')).toBe('电梯坏了')
    shelf.setItem('draft', '{')
    expect(readKept(shelf, 'draft')).toBeNull()
  })
})

describe('replies on their way', () => {
  const reply: PendingReply = { clientId: 'a', text: '马上到', at: '', state: 'sending' }

  it('are found failed after a reload, with their ids', () => {
    expect(stranded([reply])).toEqual([{ ...reply, state: 'failed' }])
  })

  it('change state one by one', () => {
    expect(marked([reply], 'a', 'failed')[0]?.state).toBe('failed')
    expect(without([reply], 'a')).toEqual([])
  })

  it('go back before the draft when refused', () => {
    expect(backToDraft('', '马上到')).toBe('马上到')
    expect(backToDraft('另外', '马上到')).toBe('马上到\n另外')
  })
})

describe('words', () => {
  it('are cut by characters, as the server counts, not by UTF-16 units', () => {
    expect(cutAt('😡欠了两万四', 3, 6)).toEqual(['😡欠了', '两万四', ''])
  })

  it('name days and stretches', () => {
    const now = new Date(2026, 10, 22, 9)
    expect(dayName(new Date(2026, 10, 22, 1).toISOString(), now)).toBe('今天')
    expect(dayName(new Date(2026, 10, 21, 23).toISOString(), now)).toBe('昨天')
    expect(dayName(new Date(2025, 2, 8).toISOString(), now)).toBe('2025年3月8日')
    expect([stretch(4000), stretch(61_000), stretch(3_900_000), stretch(180_000_000)]).toEqual([
      '4秒',
      '1分',
      '1小时5分',
      '2天2小时',
    ])
  })
})
