import { ref, shallowRef } from 'vue'
import { messageOf } from '../api/http'
import { coalesce } from '../live/coalesce'

const PAUSE_MS = 400

interface Page {
  items: unknown[]
  next: string | null
}

/**
 * The first pages of a list. Everything shown is fetched again together, so that rows move, come and go as they
 * should; `onPage` gets each first page for what stands beside the rows.
 */
export function usePages<P extends Page>(
  fetchPage: (cursor: string | null) => Promise<P>,
  onPage: (page: P) => void = () => undefined,
) {
  const rows = shallowRef<P['items']>([])
  const next = ref<string | null>(null)
  const loading = ref(true)
  const problem = ref('')
  let pages = 1
  let latest = 0

  async function load(): Promise<void> {
    const turn = ++latest
    try {
      const first = await fetchPage(null)
      const items = [...first.items]
      let cursor = first.next
      for (let page = 1; page < pages && cursor; page += 1) {
        const following = await fetchPage(cursor)
        items.push(...following.items)
        cursor = following.next
      }
      // Somebody asked again meanwhile; that answer will be newer.
      if (turn !== latest) return
      rows.value = items
      next.value = cursor
      problem.value = ''
      onPage(first)
    } catch (error) {
      if (turn === latest) problem.value = messageOf(error)
    }
    loading.value = false
  }

  async function more(): Promise<void> {
    pages += 1
    await load()
  }

  /** Another list altogether: nobody who asks for it is kept waiting. */
  function restart(): void {
    pages = 1
    rows.value = []
    loading.value = true
    void load()
  }

  return { rows, next, loading, problem, more, restart, refresh: coalesce(load, PAUSE_MS) }
}
