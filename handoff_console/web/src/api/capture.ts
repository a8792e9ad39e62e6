import { request } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type CaptureForm = Schemas['CaptureForm']
export type Matter = Schemas['MatterShape']
export type Common = Schemas['CommonShape']
export type NearPlace = Schemas['NearPlaceShape']
export type Where = Schemas['WhereShape']
export type Origin = Schemas['OriginShape']
export type Captured = Schemas['CapturedShape']
export type Source = 'patrol' | 'visit' | 'walk_in' | 'letter' | 'hotline'
export type Consent = 'spoken' | 'signed' | 'written' | 'passed_on'

/** What is registered: the part `given` of the form, whose other parts are photos. */
export interface CaptureBody {
  client_id: string
  source: Source
  category: string
  kind: string | null
  text: string
  place: string
  unit_id: string | null
  lat: number | null
  lng: number | null
  name: string
  phone: string
  consent: Consent | null
  outside_number: string
}

export const fetchCaptureForm = () => request<CaptureForm>('GET', '/api/captures/form')

/** The grid a phone is in, and the places around it. */
export const fetchWhere = ([lat, lng]: [number, number]) =>
  request<Where>('GET', `/api/captures/where?${new URLSearchParams({ lat: `${lat}`, lng: `${lng}` })}`)

export const fetchPlaces = (q: string) =>
  request<{ items: NearPlace[] }>('GET', `/api/captures/places?${new URLSearchParams({ q })}`)

/** How a case came to us. */
export const fetchOrigin = (number: string) =>
  request<Origin>('GET', `/api/captures/of/${encodeURIComponent(number)}`)

/** 同类排查, given to the case's owner. */
export const askSweep = (number: string) =>
  request<Origin>('POST', `/api/captures/of/${encodeURIComponent(number)}/sweep`)

/** Registers and files; the same `client_id` again is the same case. */
export function sendCapture(body: CaptureBody, photos: File[]): Promise<Captured> {
  const form = new FormData()
  form.append('given', JSON.stringify(body))
  for (const photo of photos) form.append('file', photo, photo.name)
  return request<Captured>('POST', '/api/captures', form)
}
