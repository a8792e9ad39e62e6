import type { ChatMessage } from './wire'

/** The conversation as far as this page knows it: every seq once, ascending, without gaps from 1. */
export interface ChatRecord {
  messages: ChatMessage[]
  /** The last seq known; what to ask for next is everything after it. */
  lastSeq: number
}

export const emptyRecord: ChatRecord = { messages: [], lastSeq: 0 }

/**
 * Adds what the server sent. Messages already known are ignored; a message that skips a seq is not taken, because
 * asking again with `after=lastSeq` brings it together with what is missing. `gap` tells that this must be done.
 */
export function addMessages(
  record: ChatRecord,
  incoming: ChatMessage[],
): { record: ChatRecord; gap: boolean } {
  const messages = [...record.messages]
  let lastSeq = record.lastSeq
  let gap = false
  for (const message of [...incoming].sort((a, b) => a.seq - b.seq)) {
    if (message.seq <= lastSeq) continue
    if (message.seq > lastSeq + 1) {
      gap = true
      break
    }
    messages.push(message)
    lastSeq = message.seq
  }
  return { record: { messages, lastSeq }, gap }
}

/** The message whose buttons may still be pressed: the last one, when it has some and is not the resident's. */
export function openButtonsSeq(record: ChatRecord, somethingWaits: boolean): number | null {
  const last = record.messages.at(-1)
  if (somethingWaits || !last || last.from === 'resident' || last.buttons.length === 0) return null
  return last.seq
}

/** The officer who spoke last, when no bot line came after: the resident is talking with a human. */
export function officerInTalk(record: ChatRecord): string | null {
  const spoken = record.messages.filter((message) => message.from !== 'resident').at(-1)
  return spoken?.from === 'officer' ? (spoken.officer_name ?? '') : null
}
