import { keep, openShelf, readKept, type Shelf } from '../input/kept'
import type { PendingReply } from './talk/pending'

const PREFIX = 'jiesu.console.'
const shelf: Shelf = openShelf()

const draftKey = (conversation: string) => `${PREFIX}draft.${conversation}`
const pendingKey = (conversation: string) => `${PREFIX}pending.${conversation}`

/** The half-written reply of a conversation; it outlives reloads, lost connections and lost conversations. */
export function readDraft(conversation: string): string {
  return readKept<string>(shelf, draftKey(conversation)) ?? ''
}

export function keepDraft(conversation: string, text: string): void {
  if (text) keep(shelf, draftKey(conversation), text)
  else shelf.removeItem(draftKey(conversation))
}

/** Replies that have not been confirmed as stored. */
export function readPending(conversation: string): PendingReply[] {
  return readKept<PendingReply[]>(shelf, pendingKey(conversation)) ?? []
}

export function keepPending(conversation: string, replies: PendingReply[]): void {
  if (replies.length) keep(shelf, pendingKey(conversation), replies)
  else shelf.removeItem(pendingKey(conversation))
}

export function forgetKept(): void {
  const keys = 'length' in shelf ? Object.keys(shelf) : []
  for (const key of keys.filter((name) => name.startsWith(PREFIX))) shelf.removeItem(key)
}
