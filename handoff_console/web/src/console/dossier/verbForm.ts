import type { Verb } from '../../api/types'
import type { VerbGiven } from '../../api/console'

/** What an officer has filled in for a verb. */
export interface VerbDraft {
  text: string
  code: string
  until: Date | null
  officer: string
  other: string
  proof: string[]
}

export const emptyDraft = (): VerbDraft => ({
  text: '',
  code: '',
  until: null,
  officer: '',
  other: '',
  proof: [],
})

/** Resolutions that claim a fact and must show it. */
const PROVEN = new Set(['fixed', 'paid', 'agreed'])

/** Verbs whose words residents of the same issue are told as well. */
const PASSED_ON = new Set(['resolve'])

/** Verbs whose words are welcome though not needed. */
const MAY_EXPLAIN = new Set(['return', 'assign', 'escalate', 'grant'])

const QUESTIONS: Record<string, string> = {
  resolve: '办理结果（居民会看到，请写清做了什么、结果怎样）',
  reopen: '重新办理的原因（居民会看到）',
  request_info: '还差什么（居民会看到，只能请补一次）',
  extend: '为什么要延期（批准后居民会看到）',
  deny: '为什么不同意',
  refer: '该走哪条路：部门、地址、电话、期限（居民会看到）',
  consult: '会诊：谁参加、定了什么',
  call_back: '回访情况：居民怎么说的',
  return: '补充说明（选填）',
  assign: '交代一句（选填）',
  escalate: '已经做了什么、为什么上报（选填）',
  grant: '说明（选填，居民会看到）',
}

export const passedOn = (verb: Verb) => PASSED_ON.has(verb.verb)
export const question = (verb: Verb) => QUESTIONS[verb.verb] ?? '说明'
export const textNeeded = (verb: Verb) =>
  verb.needs.some((need) => ['text', 'result', 'reason'].includes(need))
export const textAsked = (verb: Verb) => textNeeded(verb) || MAY_EXPLAIN.has(verb.verb)
export const untilAsked = (verb: Verb) => verb.needs.includes('until') || verb.verb === 'request_info'
export const proofAsked = (verb: Verb) => verb.verb === 'resolve'
export const proofNeeded = (verb: Verb, draft: VerbDraft) => proofAsked(verb) && PROVEN.has(draft.code)

/** Whether a verb is more than a tap: something is to be filled in, or it cannot be taken back. */
export const asksAnything = (verb: Verb) => verb.needs.length > 0 || verb.codes.length > 0 || textAsked(verb)

/** What the verb still needs, in words; nothing when it can be done. */
export function missing(verb: Verb, draft: VerbDraft): string[] {
  const left: [string, boolean][] = [
    ['选一项', verb.codes.length > 0 && !draft.code],
    ['选交给谁', verb.needs.includes('officer_id') && !draft.officer],
    ['写工单编号', verb.needs.includes('other') && !draft.other.trim()],
    ['选日期', verb.needs.includes('until') && !draft.until],
    ['写几句', textNeeded(verb) && !draft.text.trim()],
    ['拍照或传文件', proofNeeded(verb, draft) && !draft.proof.length],
  ]
  return left.filter(([, wanting]) => wanting).map(([what]) => what)
}

/** As the server takes it; what was left empty is not sent. */
export function given(draft: VerbDraft): VerbGiven {
  const found: VerbGiven = {}
  if (draft.text.trim()) found.text = draft.text.trim()
  if (draft.code) found.code = draft.code
  if (draft.until) found.until = draft.until.toISOString()
  if (draft.officer) found.officer_id = draft.officer
  if (draft.other.trim()) found.other = draft.other.trim()
  if (draft.proof.length) found.proof = draft.proof
  return found
}
