import { request } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Link = Schemas['LinkShape']
export type LinkList = Schemas['LinkList']
export type LinkBody = Schemas['LinkBody']
export type SheetWords = Schemas['SheetShape']
export type Door = 'web' | 'telegram'

const at = (id: string) => encodeURIComponent(id)

/** The newest; with words, those they are in. */
export const fetchLinks = (words = '') =>
  request<LinkList>('GET', words ? `/api/links?q=${encodeURIComponent(words)}` : '/api/links')

export const makeLink = (given: LinkBody) => request<Link>('POST', '/api/links', given)

export const revokeLink = (id: string) => request<Link>('POST', `/api/links/${at(id)}/revoke`)

/** The code's picture. */
export const pictureOf = (link: Link, kind: 'svg' | 'png', to: Door = 'web') =>
  `/api/links/${at(link.id)}/code.${kind}?to=${to}`
