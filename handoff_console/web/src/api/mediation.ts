import { request } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Panel = Schemas['MediationPanel']
export type Mediation = Schemas['MediationShape']
export type Session = Schemas['SessionShape']
export type Confirmation = Schemas['ConfirmationShape']
export type Promised = Schemas['PromiseShape']
export type Row = Schemas['MediationRow']
export type Rates = Schemas['MediationRates']
export type Share = Schemas['ShareShape']
export type Choice = Schemas['ChoiceShape']
export type Proposal = Schemas['ProposalBody']
export type OtherAnswer = Schemas['OtherBody']
export type ResidentAnswer = Schemas['ResidentBody']
export type Meeting = Schemas['SessionBody']
export type Minutes = Schemas['MinutesBody']
export type Agreement = Schemas['AgreementBody']
export type Pledge = Schemas['PromiseBody']
export type Ending = Schemas['MediationEndBody']
export type Filed = Schemas['FiledBody']
export type Ruling = Schemas['RulingBody']

const ofCase = (number: string) => `/api/cases/${encodeURIComponent(number)}/mediation`
const post = (path: string, body: unknown = {}) => request<Panel>('POST', path, body)

export const fetchPanel = (number: string) => request<Panel>('GET', ofCase(number))
export const propose = (number: string, body: Proposal) => post(ofCase(number), body)
export const noteResident = (number: string, body: ResidentAnswer) => post(`${ofCase(number)}/resident`, body)
export const noteOther = (number: string, body: OtherAnswer) => post(`${ofCase(number)}/other`, body)
export const chooseMediator = (number: string, id: string) =>
  post(`${ofCase(number)}/mediator`, { mediator_id: id })
export const begin = (number: string) => post(`${ofCase(number)}/begin`)
export const planMeeting = (number: string, body: Meeting) => post(`${ofCase(number)}/sessions`, body)
export const writeMinutes = (number: string, index: number, body: Minutes) =>
  post(`${ofCase(number)}/sessions/${index}`, body)
export const recordAgreement = (number: string, body: Agreement) => post(`${ofCase(number)}/agreement`, body)
export const endMediation = (number: string, body: Ending) => post(`${ofCase(number)}/end`, body)
export const addPromise = (id: string, body: Pledge) => post(`/api/mediations/${id}/promises`, body)
export const answerPromise = (id: string, kept: boolean) => post(`/api/promises/${id}`, { kept })
export const fileAtCourt = (id: string, body: Filed) => post(`/api/mediations/${id}/confirmation/file`, body)
export const recordRuling = (id: string, body: Ruling) =>
  post(`/api/mediations/${id}/confirmation/ruling`, body)
export const declineCourt = (id: string) => post(`/api/mediations/${id}/confirmation/decline`)

export const paperUrl = (number: string, file: string) => `${ofCase(number)}/files/${file}`

/** Keeps a paper with the case; gives its id. */
export async function keepPaper(number: string, file: File): Promise<string> {
  const form = new FormData()
  form.append('file', file)
  return (await request<Schemas['KeptFileShape']>('POST', `${ofCase(number)}/files`, form)).file_id
}

export const fetchMediations = (view: 'mine' | 'all') =>
  request<Schemas['MediationList']>('GET', `/api/mediations?view=${view}`)
export const fetchRates = () => request<Rates>('GET', '/api/mediations/rates')
