import { request } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Duty = Schemas['DutyShape']
export type DutyDay = Schemas['DutyDay']
export type Shift = Schemas['ShiftShape']
export type Absence = Schemas['AbsenceShape']
export type ShiftBody = Schemas['ShiftBody']
export type AbsenceBody = Schemas['AbsenceBody']
export type Directory = Schemas['DirectoryShape']
export type Body = 'department' | 'mediation' | 'service_point'

const at = (id: string) => encodeURIComponent(id)

export const fetchDuty = (unit: string, day: string) =>
  request<Duty>('GET', `/api/duty?${new URLSearchParams({ unit, day })}`)

export const setShift = (given: ShiftBody) => request<Duty>('POST', '/api/duty/shifts', given)

export const removeShift = (id: string) => request<Duty>('POST', `/api/duty/shifts/${at(id)}/remove`)

export const setAway = (given: AbsenceBody) => request<Duty>('POST', '/api/duty/absences', given)

export const removeAway = (id: string) => request<Duty>('POST', `/api/duty/absences/${at(id)}/remove`)

export const fetchDirectory = (kind: Body, words: string) =>
  request<Directory>('GET', `/api/directory?${new URLSearchParams({ kind, q: words })}`)
