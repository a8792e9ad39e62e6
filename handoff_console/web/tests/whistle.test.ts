import { describe, expect, it } from 'vitest'
import { choices, fieldOf } from '../src/console/whistle/arrive'

const titles = (now: Date, minutes = 30) =>
  choices(now, new Date(now.getTime() + minutes * 60_000)).map((each) => each.title)

describe('the times offered to departments', () => {
  it('are ahead of now, and none of them too soon', () => {
    expect(titles(new Date(2026, 10, 23, 9, 3))).toEqual([
      '两小时后',
      '今天 17:00',
      '明天 9:00',
      '明天 15:00',
    ])
    expect(titles(new Date(2026, 10, 23, 16, 40))).toEqual(['两小时后', '明天 9:00', '明天 15:00'])
    expect(titles(new Date(2026, 10, 23, 9, 0), 3000)).toEqual([])
  })

  it('are full tens of minutes', () => {
    const [soon] = choices(new Date(2026, 10, 23, 9, 3, 20), new Date(2026, 10, 23, 9, 33))
    expect(soon?.at).toEqual(new Date(2026, 10, 23, 11, 10))
  })

  it('go over the end of a month', () => {
    const found = choices(new Date(2026, 10, 30, 23, 0), new Date(2026, 10, 30, 23, 30))
    expect(found.map((each) => fieldOf(each.at))).toEqual([
      '2026-12-01T01:00',
      '2026-12-01T09:00',
      '2026-12-01T15:00',
    ])
  })
})
