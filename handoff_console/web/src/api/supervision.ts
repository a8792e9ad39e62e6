import { request } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Slip = Schemas['SlipShape']
export type SlipBody = Schemas['SlipBody']
export type SlipView = 'mine' | 'open' | 'closed'
export type SlipList = Schemas['SlipList']
export type Supervision = Schemas['PanelShape']
export type EntryBody = Schemas['EntryBody']
export type Sponsored = Schemas['SponsoredShape']
export type SponsorBody = Schemas['SponsorBody']
export type HandLevel = SlipBody['level'] & string

const at = (id: string) => encodeURIComponent(id)

export const fetchSupervision = (number: string) =>
  request<Supervision>('GET', `/api/supervision/cases/${at(number)}`)

/** `level`, `call-off`, `slips` or `duties` of a case; gives the panel afterwards. */
export const changeSupervision = (number: string, verb: string, given: object = {}) =>
  request<Supervision>('POST', `/api/supervision/cases/${at(number)}/${verb}`, given)

export const fetchSlips = (view: SlipView) => request<SlipList>('GET', `/api/supervision/slips?view=${view}`)

/** `answer`, `accept`, `again` or `close`. */
export const changeSlip = (id: string, verb: string, given: object = {}) =>
  request<Slip>('POST', `/api/supervision/slips/${at(id)}/${verb}`, given)

export const fetchSupervised = () => request<Schemas['SupervisedList']>('GET', '/api/supervision/cases')

export const fetchSponsored = () => request<Sponsored>('GET', '/api/supervision/sponsored')

export const nameSponsor = (given: SponsorBody) =>
  request<Sponsored>('POST', '/api/supervision/sponsors', given)

export const endSponsor = (id: string) =>
  request<Sponsored>('POST', `/api/supervision/sponsors/${at(id)}/end`)
