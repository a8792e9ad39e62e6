/** A reply on its way: `sending`, or `failed` and to be tried again with the same client id. */
export interface PendingReply {
  clientId: string
  text: string
  at: string
  state: 'sending' | 'failed'
}

/** After a reload nothing is on its way any more; whether it arrived is found out by trying again. */
export function stranded(replies: PendingReply[]): PendingReply[] {
  return replies.map((reply) => ({ ...reply, state: 'failed' }))
}

export function marked(
  replies: PendingReply[],
  clientId: string,
  state: PendingReply['state'],
): PendingReply[] {
  return replies.map((reply) => (reply.clientId === clientId ? { ...reply, state } : reply))
}

export function without(replies: PendingReply[], clientId: string): PendingReply[] {
  return replies.filter((reply) => reply.clientId !== clientId)
}

/** The draft after a reply was refused: its text comes back before whatever was written since. */
export function backToDraft(draft: string, refused: string): string {
  return draft.trim() ? `${refused}\n${draft}` : refused
}
