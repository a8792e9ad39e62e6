import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { fetchConversations } from '../../api/console'
import { messageOf } from '../../api/http'
import type { ConversationRow, View } from '../../api/types'
import { coalesce } from '../../live/coalesce'
import { listen } from '../live'

const PAUSE_MS = 400

/** The list of conversations of one view; it follows what happens. */
export function useQueue() {
  const view = ref<View>('queue')
  const rows = shallowRef<ConversationRow[]>([])
  const counts = ref<Record<View, number>>({ queue: 0, mine: 0, all: 0 })
  const next = ref<string | null>(null)
  const loading = ref(true)
  const problem = ref('')

  async function load(): Promise<void> {
    const asked = view.value
    try {
      const page = await fetchConversations(asked, null)
      if (asked !== view.value) return
      rows.value = page.items
      counts.value = page.counts
      next.value = page.next
      problem.value = ''
    } catch (error) {
      problem.value = messageOf(error)
    }
    loading.value = false
  }
  const refresh = coalesce(load, PAUSE_MS)

  async function more(): Promise<void> {
    if (!next.value) return
    try {
      const page = await fetchConversations(view.value, next.value)
      const known = new Set(rows.value.map((row) => row.id))
      rows.value = [...rows.value, ...page.items.filter((row) => !known.has(row.id))]
      next.value = page.next
    } catch (error) {
      problem.value = messageOf(error)
    }
  }

  watch(view, () => {
    loading.value = true
    rows.value = []
    // Who changes the view is not kept waiting.
    void load()
  })
  watch(
    () => counts.value.queue,
    (waiting) => {
      document.title = waiting ? `(${waiting}) 接诉工作台` : '接诉工作台'
    },
  )
  onScopeDispose(listen({ onEvent: () => void refresh(), onLive: () => void refresh() }))
  void refresh()

  return { view, rows, counts, next, loading, problem, refresh, more }
}
