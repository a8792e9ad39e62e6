import type { components } from './schema.gen'

/** The server's shapes, by the names the pages use; `schema.gen.ts` is made by `npm run api`. */
type Schemas = components['schemas']

export type Officer = Schemas['OfficerShape']
export type Role = Officer['role']
export type Holder = Schemas['HolderShape']
export type ConversationRow = Schemas['ConversationRow']
export type Crisis = ConversationRow['crisis']
export type ConversationPage = Schemas['ConversationPage']
export type ConversationDetail = Schemas['ConversationDetail']
export type View = keyof Schemas['Counts']
export type Turn = Schemas['TurnShape']
export type Media = Schemas['MediaShape']
export type Dossier = Schemas['DossierShape']
export type Slot = Schemas['SlotShape']
export type Presence = Schemas['PresenceShape']
export type Note = Schemas['NoteShape']
export type CaseRow = Schemas['CaseRow']
export type CasePage = Schemas['CasePage']
export type CaseDetail = Schemas['CaseDetail']
export type Placing = CaseDetail['placing']
export type Unit = Schemas['UnitShape']
export type Verb = Schemas['VerbShape']
export type Move = Schemas['MoveShape']
export type Rates = Schemas['RatesShape']
export type Happening = Schemas['EventShape']
export type Group = Schemas['GroupShape']
export type GroupCode = Schemas['CodeShape']
export type DigestPreview = Schemas['DigestShape']
export type Alert = Schemas['AlertShape']
export type AlertList = Schemas['AlertList']
export type Task = Schemas['TaskShape']
export type TaskList = Schemas['TaskList']

/** An event as the stream brings it: with the line it tells of, where there is one. */
export type LiveEvent = Happening & { turn: Turn | null }
