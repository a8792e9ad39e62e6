import { request } from './http'
import type {
  CaseDetail,
  CasePage,
  ConversationDetail,
  ConversationPage,
  DigestPreview,
  Group,
  GroupCode,
  Note,
  Officer,
  Presence,
  Rates,
  Turn,
  Unit,
  View,
} from './types'

const at = (id: string) => encodeURIComponent(id)

function query(values: Record<string, string | null>): string {
  const given = Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1]))
  return given.length ? `?${new URLSearchParams(given)}` : ''
}

export const login = (username: string, password: string) =>
  request<Officer>('POST', '/api/login', { username, password })

export const logout = () => request<void>('POST', '/api/logout')

export const fetchMe = () =>
  request<{ officer: Officer; csrf_token: string; missing_years: number[] }>('GET', '/api/me')

export const fetchConversations = (view: View, cursor: string | null) =>
  request<ConversationPage>('GET', `/api/conversations${query({ view, cursor })}`)

/** With its newest turns, or with those before a seq. */
export const fetchConversation = (id: string, before: number | null = null) =>
  request<ConversationDetail>(
    'GET',
    `/api/conversations/${at(id)}${query({ before: before === null ? null : String(before) })}`,
  )

/** `force` takes it from a colleague, for those who may. */
export const takeOver = (id: string, force: boolean) =>
  request<{ epoch: number }>('POST', `/api/conversations/${at(id)}/takeover`, { force })

export const release = (id: string, epoch: number, to: string) =>
  request<unknown>('POST', `/api/conversations/${at(id)}/release`, { epoch, to })

export const reply = (id: string, clientId: string, text: string, epoch: number) =>
  request<{ turn: Turn; epoch: number }>('POST', `/api/conversations/${at(id)}/replies`, {
    client_id: clientId,
    text,
    epoch,
  })

export const addNote = (id: string, text: string) =>
  request<Note>('POST', `/api/conversations/${at(id)}/notes`, { text })

/** The voice messages have been listened to. */
export const tellHeard = (id: string) => request<void>('POST', `/api/conversations/${at(id)}/heard`)

/** `seq` is the last turn on screen; up to there it counts as read. */
export const tellPresence = (id: string, activity: Presence['activity'] | 'gone', seq: number | null) =>
  request<void>('POST', `/api/conversations/${at(id)}/presence`, { activity, seq })

export const fetchOfficers = () => request<{ items: Officer[] }>('GET', '/api/officers')

/** What of the register is wanted: what is open by its date, one's own of that, or all of it. */
export type CaseOrder = 'due' | 'mine' | 'newest'

/** `unplaced`: only open ones whose grid nobody knows yet. */
export const fetchCases = (
  q: string,
  status: string,
  unplaced: boolean,
  order: CaseOrder,
  cursor: string | null,
) =>
  request<CasePage>(
    'GET',
    `/api/cases${query({
      q,
      status,
      unplaced: unplaced ? 'true' : null,
      order: order === 'newest' ? null : 'due',
      mine: order === 'mine' ? 'true' : null,
      cursor,
    })}`,
  )

/** Keeps a photo or a paper with the case; its id is then given as proof. */
export function keepProof(number: string, file: File): Promise<{ file_id: string }> {
  const form = new FormData()
  form.append('file', file, file.name)
  return request('POST', `/api/cases/${at(number)}/files`, form)
}

export const findOfficers = (q: string) =>
  request<{ items: Officer[] }>('GET', `/api/officers${query({ q })}`)

export const fetchGrids = (q: string) =>
  request<{ items: Unit[] }>('GET', `/api/units${query({ q, kind: 'grid' })}`)

/** Units of one's own area, found by name. */
export const fetchUnits = (q: string) => request<{ items: Unit[] }>('GET', `/api/units${query({ q })}`)

export const fetchCase = (number: string) => request<CaseDetail>('GET', `/api/cases/${at(number)}`)

/** What a verb is given, by the names the server has for it. */
export type VerbGiven = Record<string, string | number | string[]>

export const doVerb = (number: string, verb: string, given: VerbGiven) =>
  request<CaseDetail>('POST', `/api/cases/${at(number)}/${at(verb)}`, given)

/** How matters are dealt with in an area; one's own when none is named. Days as 2026-11-22. */
export const fetchRates = (unit: string, since: string, until: string) =>
  request<Rates>('GET', `/api/rates${query({ unit, since, until })}`)

export const fetchGroups = () => request<{ items: Group[] }>('GET', '/api/groups')

export const newGroupCode = () => request<GroupCode>('POST', '/api/groups/code')

export const previewDigest = (group: string) =>
  request<DigestPreview>('GET', `/api/digests/preview${query({ group })}`)
