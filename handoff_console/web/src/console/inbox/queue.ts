import { onScopeDispose, ref, watch } from 'vue'
import { fetchConversations } from '../../api/console'
import type { View } from '../../api/types'
import { listen } from '../live'
import { usePages } from '../pages'

/** The list of conversations of one view; it follows what happens. */
export function useQueue() {
  const view = ref<View>('queue')
  const counts = ref<Record<View, number>>({ queue: 0, mine: 0, all: 0 })
  const list = usePages(
    (cursor) => fetchConversations(view.value, cursor),
    (page) => {
      counts.value = page.counts
    },
  )

  watch(view, list.restart)
  watch(
    () => counts.value.queue,
    (waiting) => {
      document.title = waiting ? `(${waiting}) 接诉工作台` : '接诉工作台'
    },
  )
  onScopeDispose(listen({ onEvent: () => void list.refresh(), onLive: () => void list.refresh() }))
  list.restart()

  return { view, counts, ...list }
}
