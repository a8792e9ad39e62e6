import type { Verb } from '../../api/types'

/** What is asked of whoever may say yes: above all else. */
const DECIDES = ['grant', 'deny']
/** What an owner does day by day, the likeliest first. */
const OWNS = ['file', 'accept', 'inform', 'assign', 'resolve', 'escalate', 'request_info']
/** What waits for somebody else than the owner, by where the case stands. */
const BESIDE: Record<string, string[]> = {
  draft: ['file'],
  triage: ['assign'],
  done_wait: ['call_back'],
}
const MOST = 2

export interface Ordered {
  /** Under the thumb. */
  first: Verb[]
  /** One tap away. */
  rest: Verb[]
}

/** The verbs this officer may use, those that are theirs to do first. `mine`: they own the case. */
export function ordered(verbs: Verb[], status: string, mine: boolean): Ordered {
  const own = verbs.filter((verb) => !verb.door)
  const named = (names: string[]) =>
    names.map((name) => own.find((verb) => verb.verb === name)).filter((verb): verb is Verb => !!verb)
  const decides = named(DECIDES)
  const usual = decides.length ? [] : named(mine ? usually(status) : (BESIDE[status] ?? []))
  const first = [...decides, ...usual].slice(0, MOST)
  return { first, rest: own.filter((verb) => !first.includes(verb)) }
}

/** Only what has lost its owner is handed out by them; else it is theirs to do. */
const usually = (status: string) => (status === 'triage' ? OWNS : OWNS.filter((verb) => verb !== 'assign'))
