import { computed, ref } from 'vue'

/** Where in the console we are; kept in the address after `#` so that reload and the back button work. */
export type Route =
  | { page: 'inbox'; conversation: string | null }
  | { page: 'cases'; number: string | null }
  | { page: 'digest' }
  | { page: 'tasks' }
  | { page: 'capture' }
  | { page: 'duty' }
  | { page: 'links' }
  | { page: 'booking' }
  | { page: 'checkin' }
  | { page: 'supervision' }
  | { page: 'mediations' }
  | { page: 'rates' }

export function parseRoute(hash: string): Route {
  const [page, id] = hash.replace(/^#\/?/, '').split('/')
  const given = id ? decodeURIComponent(id) : null
  if (page === 'cases') return { page, number: given }
  if (page === 'booking') return { page }
  if (
    page === 'digest' ||
    page === 'tasks' ||
    page === 'capture' ||
    page === 'duty' ||
    page === 'links' ||
    page === 'checkin' ||
    page === 'mediations' ||
    page === 'rates'
  )
    return { page }
  if (page === 'supervision') return { page }
  return { page: 'inbox', conversation: given }
}

export function formatRoute(route: Route): string {
  if (route.page !== 'cases' && route.page !== 'inbox') return `#/${route.page}`
  const id = route.page === 'cases' ? route.number : route.conversation
  return id ? `#/${route.page}/${encodeURIComponent(id)}` : `#/${route.page}`
}

const current = ref(parseRoute(location.hash))
window.addEventListener('hashchange', () => {
  current.value = parseRoute(location.hash)
})

/** Begin at a page, where the address names none. */
export function land(to: Route): void {
  if (location.hash.replace(/^#\/?/, '')) return
  history.replaceState(null, '', formatRoute(to))
  current.value = to
}

/** The next officer at this screen begins where their own work is. */
export function forgetRoute(): void {
  history.replaceState(null, '', location.pathname + location.search)
  current.value = parseRoute('')
}

export const route = computed(() => current.value)

export function go(to: Route): void {
  location.hash = formatRoute(to)
}
