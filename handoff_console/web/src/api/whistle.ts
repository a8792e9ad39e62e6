import { request } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Whistle = Schemas['WhistleShape']
export type Call = Schemas['DepartmentCallShape']
export type Stand = Call['stand']
export type Outcome = NonNullable<Whistle['outcome']>
export type CaseWhistles = Schemas['CaseWhistles']
export type Draft = Schemas['DraftShape']
export type Called = Schemas['CalledShape']
export type CalledList = Schemas['CalledList']
export type Figures = Schemas['WhistleFigures']
export type NoticeBody = Omit<Schemas['NoticeBody'], 'version'> & { version?: number }

export type Step = 'acknowledge' | 'check-in' | 'answer' | 'decline'

const ofCase = (number: string) => `/api/cases/${encodeURIComponent(number)}/whistles`

export const fetchWhistles = (number: string) => request<CaseWhistles>('GET', ofCase(number))

export const blowWhistle = (number: string, body: NoticeBody) =>
  request<Whistle>('POST', ofCase(number), body)

export const endWhistle = (id: string, outcome: Outcome, result: string) =>
  request<Whistle>('POST', `/api/whistles/${id}/end`, { outcome, result })

/** What calls this officer's department. */
export const fetchCalled = () => request<CalledList>('GET', '/api/whistles')

/** A department's step; `given` holds a name where somebody else did it, and what the step needs. */
export const takeStep = (id: string, unit: string, step: Step, given: Record<string, unknown> = {}) =>
  request<undefined>('POST', `/api/whistles/${id}/calls/${encodeURIComponent(unit)}/${step}`, given)

export const noticeUrl = (id: string, kind: 'pdf' | 'docx') => `/api/whistles/${id}/notice.${kind}`

export const fetchWhistleFigures = (days: number) =>
  request<Figures>('GET', `/api/whistle-figures?days=${days}`)
