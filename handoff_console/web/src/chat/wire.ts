import type { InjectionKey, Ref } from 'vue'

/** The session's token, for parts that fetch files; kept out of addresses so that no log ever holds it. */
export const tokenKey: InjectionKey<Ref<string | null>> = Symbol('token')

/** The shapes of the residents' web chat API, as the page uses them. */
export interface ChatButton {
  title: string
  payload: string
}

export interface ChatMedia {
  id: string
  kind: 'photo' | 'voice' | 'file'
  name: string
  mime: string
  size: number
  url: string
}

export interface ChatMessage {
  seq: number
  from: 'resident' | 'bot' | 'officer'
  text: string
  buttons: ChatButton[]
  at: string
  media?: ChatMedia[]
  location?: [number, number] | null
  officer_name?: string | null
  client_id?: string | null
}

export interface ChatConfig {
  title: string
  max_file_bytes: number
  file_types: string[]
  greeting: string
}

export interface ChatSession {
  token: string
  conversation_id: string
}
