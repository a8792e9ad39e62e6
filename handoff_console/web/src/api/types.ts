/** The console API's shapes. */
export type Role = 'grid' | 'community' | 'street' | 'admin'

export interface Unit {
  id: string
  name: string
  kind: string
}

export interface Officer {
  id: string
  username: string
  name: string
  role: Role
  unit: Unit | null
}

export interface Holder {
  kind: 'bot' | 'queue' | 'officer'
  officer_id: string | null
  name: string | null
}

export type Crisis = 'none' | 'R1' | 'R2' | 'R3'

export interface ConversationRow {
  id: string
  channel: string
  title: string
  preview: string
  holder: Holder
  epoch: number
  category: string | null
  category_name: string | null
  crisis: Crisis
  urgent: boolean
  waiting_since: string | null
  last_at: string
  last_seq: number
  unread: number
  case_numbers: string[]
}

export interface Media {
  id: string
  kind: 'photo' | 'voice' | 'file'
  name: string
  mime: string
  size: number
  url: string
}

export interface Turn {
  id: string
  seq: number
  from: 'resident' | 'bot' | 'officer'
  officer_name: string | null
  text: string
  buttons: { title: string; payload: string }[]
  media: Media[]
  location: [number, number] | null
  edited: boolean
  at: string
  delivery: 'pending' | 'sent' | 'failed' | null
  delivery_error: string | null
}

export interface Slot {
  name: string
  label: string
  required: boolean
  value: unknown
  display: string
  text: string | null
  turn_id: string | null
  start: number | null
  end: number | null
}

export interface Dossier {
  category: string | null
  category_name: string | null
  secondary: string | null
  status: 'empty' | 'collecting' | 'complete' | 'filed'
  slots: Slot[]
  missing: string[]
  handoff_reason: string | null
}

export interface Presence {
  officer_id: string
  name: string
  activity: 'viewing' | 'typing'
}

export interface Note {
  id: string
  officer_name: string
  text: string
  at: string
}

export interface CaseRow {
  number: string
  category: string
  category_name: string
  status: string
  status_name: string
  title: string
  owner: { officer_id: string; name: string; unit_name: string }
  due_at: string | null
  opened_at: string
  conversation_id: string
  rating: number | null
}

export interface ConversationDetail {
  conversation: ConversationRow
  turns: Turn[]
  dossier: Dossier
  cases: CaseRow[]
  notes: Note[]
  present: Presence[]
}

export interface Happening {
  seq: number
  kind: string
  at: string
  actor: { kind: 'resident' | 'bot' | 'officer' | 'system'; name: string }
  summary: string
  conversation_id: string | null
  case_number: string | null
}

export interface Verb {
  verb: string
  name: string
  needs: string[]
}

export interface CaseDetail {
  case: CaseRow
  dossier: Dossier
  timeline: Happening[]
  verbs: Verb[]
  undeliverable: boolean
}

export type View = 'queue' | 'mine' | 'all'

export interface ConversationPage {
  items: ConversationRow[]
  next: string | null
  counts: Record<View, number>
}

export interface Group {
  id: string
  title: string
  chat: string
  bound_at: string
}

export interface DigestPreview {
  text: string
  sections: { key: string; title: string; lines: string[] }[]
}
