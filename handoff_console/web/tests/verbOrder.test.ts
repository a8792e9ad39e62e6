import { describe, expect, it } from 'vitest'
import type { Verb } from '../src/api/types'
import { ordered } from '../src/console/dossier/verbOrder'
import { barOf, homeOf } from '../src/console/home'

const verb = (name: string, door: string | null = null): Verb => ({
  verb: name,
  name,
  needs: [],
  codes: [],
  door,
})
const DISPATCHED = ['accept', 'return', 'assign', 'escalate', 'extend', 'resolve'].map((name) => verb(name))

/** The names under the thumb, and those one tap away. */
function seen(verbs: Verb[], status: string, mine: boolean): [string[], string[]] {
  const { first, rest } = ordered(verbs, status, mine)
  return [first.map((each) => each.verb), rest.map((each) => each.verb)]
}

describe('the verbs of a case', () => {
  it('begin for its owner with signing and answering', () => {
    const [first, rest] = seen(DISPATCHED, 'dispatched', true)
    expect(first).toEqual(['accept', 'resolve'])
    expect(rest).toEqual(['return', 'assign', 'escalate', 'extend'])
  })

  it('stand one tap away where somebody else has it', () => {
    const [first, rest] = seen(DISPATCHED, 'dispatched', false)
    expect(first).toEqual([])
    expect(rest).toHaveLength(DISPATCHED.length)
  })

  it.each([true, false])('begin with yes or no where an extension waits (mine: %s)', (mine) => {
    const [first] = seen([verb('resolve'), verb('grant'), verb('deny')], 'working', mine)
    expect(first).toEqual(['grant', 'deny'])
  })

  it('offer what nobody has yet to whoever may hand it out', () => {
    expect(seen([verb('escalate'), verb('assign')], 'triage', false)[0]).toEqual(['assign'])
    expect(seen([verb('call_back'), verb('reopen')], 'done_wait', false)[0]).toEqual(['call_back'])
  })

  it('never name what is done in a part of its own', () => {
    expect(seen([verb('mediate', 'mediation')], 'working', true)).toEqual([[], []])
  })
})

describe('where an officer begins', () => {
  it.each([
    ['grid', 'inbox'],
    ['street', 'inbox'],
    ['department', 'cases'],
    ['mediator', 'mediations'],
    ['adviser', 'booking'],
    ['supervisor', 'supervision'],
  ] as const)('%s at %s', (role, page) => {
    expect(homeOf(role).page).toBe(page)
    expect(barOf(role)[0]).toBe(page)
  })

  it('has no more than five pages in the bar of a phone', () => {
    for (const role of ['grid', 'community', 'street', 'department', 'mediator', 'admin'] as const)
      expect(barOf(role).length).toBeLessThanOrEqual(5)
  })
})
