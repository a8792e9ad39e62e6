import { computed, ref, shallowRef } from 'vue'
import { acknowledge, fetchAlerts, fetchTasks } from '../../api/crisis'
import { ApiError, messageOf } from '../../api/http'
import type { Alert, AlertList } from '../../api/types'
import { coalesce } from '../../live/coalesce'
import { listen } from '../live'

const PAUSE_MS = 200
const POLL_MS = 10_000
const TELLS = /^(alert_|task_|crisis_raised|taken_over|released|out_of_sight)/

const list = shallowRef<AlertList>({ items: [], safe: [], with_whom: [] })
export const alertProblem = ref('')
/** How many things this officer has to do, and whether one is overdue. */
export const todo = shallowRef({ count: 0, overdue: false })

export const alerts = computed(() => list.value)
/** What rings, gravest first, then by how long it has been ringing. */
export const ringing = computed(() => [...list.value.items.filter((alert) => alert.ringing)].sort(before))
export const openAlerts = computed(() => list.value.items.filter((alert) => !alert.closed_at))

export const refreshAlerts = coalesce(async () => {
  try {
    const [fetched, tasks] = [await fetchAlerts(), await fetchTasks('mine')]
    list.value = fetched
    todo.value = { count: tasks.items.length, overdue: tasks.items.some((task) => task.overdue) }
    alertProblem.value = ''
  } catch (error) {
    alertProblem.value = messageOf(error)
  }
}, PAUSE_MS)

function before(a: Alert, b: Alert): number {
  const grave = b.level.localeCompare(a.level) // 危急 before 高危
  return grave || a.raised_at.localeCompare(b.raised_at)
}

/** Keeps the alerts fresh: by the live stream, and by asking where that is down. */
export function watchAlerts(): () => void {
  const stop = listen({
    onEvent: (event) => {
      if (TELLS.test(event.kind)) void refreshAlerts()
    },
    onLive: () => void refreshAlerts(),
  })
  const timer = setInterval(() => void refreshAlerts(), POLL_MS)
  void refreshAlerts()
  return () => {
    stop()
    clearInterval(timer)
    list.value = { items: [], safe: [], with_whom: [] }
    todo.value = { count: 0, overdue: false }
  }
}

/** 已收到; null when it could not be said. */
export async function confirmSeen(id: string): Promise<Alert | null> {
  try {
    const alert = await acknowledge(id)
    await refreshAlerts()
    return alert
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    alertProblem.value = error.message
    return null
  }
}
