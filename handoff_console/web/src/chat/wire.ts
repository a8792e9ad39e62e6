import type { InjectionKey, Ref } from 'vue'
import type { components } from '../api/schema.gen'

/** The shapes of the residents' web chat API. */
type Schemas = components['schemas']

export type ChatButton = Schemas['ChatButton']
export type ChatMedia = Schemas['ChatMedia']
export type ChatMessage = Schemas['ChatMessage']
export type ChatConfig = Schemas['ChatConfig']
export type Stored = Schemas['Stored']
export type ChatSession = Schemas['ChatSession']

/** The session's token, for parts that fetch files; kept out of addresses so that no log ever holds it. */
export const tokenKey: InjectionKey<Ref<string | null>> = Symbol('token')
