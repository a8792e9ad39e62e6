import { request } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Collective = Schemas['CollectiveShape']
export type CollectiveRow = Schemas['CollectiveRow']
export type Household = Schemas['HouseholdShape']
export type SheetLine = Schemas['SheetLineShape']
export type SheetLineBody = Schemas['SheetLineBody']

const of = (number: string) => `/api/collectives/${encodeURIComponent(number)}`

export const fetchCollectives = () => request<Schemas['CollectiveList']>('GET', '/api/collectives')

export const fetchCollective = (number: string) => request<Collective>('GET', of(number))

/** One of the group's verbs, such as `make`, `add`, `done`, `post`; gives the group afterwards. */
export const changeCollective = (number: string, verb: string, given: object = {}) =>
  request<Collective>('POST', `${of(number)}/${verb}`, given)
