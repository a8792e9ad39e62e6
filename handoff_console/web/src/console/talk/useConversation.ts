import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { addNote, fetchConversation, release, reply, takeOver, tellHeard } from '../../api/console'
import { ApiError, messageOf } from '../../api/http'
import type { ConversationDetail, Holder, Presence, Turn } from '../../api/types'
import { newClientId } from '../../input/clientId'
import { coalesce } from '../../live/coalesce'
import { hasGap, mergeTurns } from '../../live/turns'
import { keepDraft, keepPending, readDraft, readPending } from '../drafts'
import { listen } from '../live'
import { officer } from '../session'
import { backToDraft, marked, stranded, without, type PendingReply } from './pending'

/** One open conversation: what the server knows of it, the officer's draft and the replies on their way. */
export function useConversation(id: string) {
  const detail = shallowRef<ConversationDetail | null>(null)
  const present = shallowRef<Presence[]>([])
  const problem = ref('')
  const notice = ref('')
  const busy = ref(false)
  const draft = ref(readDraft(id))
  const pending = ref<PendingReply[]>(stranded(readPending(id)))

  const refresh = coalesce(async () => {
    try {
      const fetched = await fetchConversation(id)
      const turns = mergeTurns(detail.value?.turns ?? [], fetched.turns)
      // Away for longer than one answer holds: what we had is too old to be joined.
      detail.value = hasGap(turns) ? fetched : { ...fetched, turns }
      present.value = fetched.present
      problem.value = ''
    } catch (error) {
      problem.value = messageOf(error)
      // It went to somebody whose conversations we may not see.
      if (error instanceof ApiError && error.status === 404) detail.value = null
    }
  })

  function takeTurns(turns: Turn[]): void {
    if (!detail.value) return
    const merged = mergeTurns(detail.value.turns, turns)
    if (hasGap(merged)) void refresh()
    else detail.value = { ...detail.value, turns: merged }
  }

  async function older(): Promise<void> {
    const first = detail.value?.turns[0]?.seq
    if (first === undefined) return
    try {
      takeTurns((await fetchConversation(id, first)).turns)
    } catch (error) {
      notice.value = messageOf(error)
    }
  }

  function setDraft(text: string): void {
    draft.value = text
    keepDraft(id, text)
  }

  function setPending(replies: PendingReply[]): void {
    pending.value = replies
    keepPending(id, replies)
  }

  function setHolder(holder: Holder, epoch: number): void {
    if (!detail.value) return
    detail.value = { ...detail.value, conversation: { ...detail.value.conversation, holder, epoch } }
  }

  /** Does something that may change the holder; a refusal is shown in words and the truth fetched again. */
  async function change(act: () => Promise<unknown>): Promise<boolean> {
    busy.value = true
    notice.value = ''
    try {
      await act()
      return true
    } catch (error) {
      notice.value = messageOf(error)
      return false
    } finally {
      busy.value = false
      await refresh()
    }
  }

  async function attempt(line: PendingReply): Promise<void> {
    const epoch = detail.value?.conversation.epoch
    if (epoch === undefined) return
    setPending(marked(pending.value, line.clientId, 'sending'))
    try {
      const stored = await reply(id, line.clientId, line.text, epoch)
      takeTurns([stored.turn])
      setPending(without(pending.value, line.clientId))
    } catch (error) {
      const message = messageOf(error)
      const refused = error instanceof ApiError && error.status >= 400 && error.status < 500
      if (refused && error.status !== 401 && error.status !== 429) refuse(line, error)
      else {
        notice.value = message
        setPending(marked(pending.value, line.clientId, 'failed'))
      }
    }
  }

  function refuse(line: PendingReply, error: ApiError): void {
    setPending(without(pending.value, line.clientId))
    setDraft(backToDraft(draft.value, line.text))
    notice.value = `${error.message}。您写的内容还在。`
    const { holder, epoch } = error.answer as { holder?: Holder; epoch?: number }
    if (holder && epoch !== undefined) setHolder(holder, epoch)
    void refresh()
  }

  function send(): void {
    const text = draft.value.trim()
    if (!text) return
    const line: PendingReply = {
      clientId: newClientId(),
      text,
      at: new Date().toISOString(),
      state: 'sending',
    }
    notice.value = ''
    setPending([...pending.value, line])
    setDraft('')
    void attempt(line)
  }

  function retry(clientId: string): void {
    const line = pending.value.find((candidate) => candidate.clientId === clientId)
    if (line) void attempt(line)
  }

  onScopeDispose(
    listen({
      onEvent: (event) => {
        if (event.conversation_id !== id) return
        if (event.turn) takeTurns([event.turn])
        void refresh()
      },
      onLive: () => void refresh(),
      onPresence: (conversation, now) => {
        if (conversation === id) present.value = now
      },
    }),
  )
  void refresh()

  const row = computed(() => detail.value?.conversation ?? null)
  return {
    id,
    detail,
    row,
    problem,
    notice,
    busy,
    draft,
    pending,
    mine: computed(() => row.value?.holder.officer_id === officer.value?.id),
    others: computed(() => present.value.filter((who) => who.officer_id !== officer.value?.id)),
    refresh,
    setDraft,
    send,
    retry,
    older,
    takeOver: (force: boolean) => change(() => takeOver(id, force)),
    release: (to: string) => change(() => release(id, row.value?.epoch ?? 0, to)),
    heard: () => change(() => tellHeard(id)),
    note: (text: string) => change(() => addNote(id, text)),
  }
}

export type OpenConversation = ReturnType<typeof useConversation>
