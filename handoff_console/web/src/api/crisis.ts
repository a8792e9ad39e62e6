import { request } from './http'
import type { Alert, AlertList, Task, TaskList } from './types'

const at = (id: string) => encodeURIComponent(id)

export const fetchAlerts = () => request<AlertList>('GET', '/api/alerts')

/** 已收到. Whoever comes second is told who was first. */
export const acknowledge = (id: string) => request<Alert>('POST', `/api/alerts/${at(id)}/acknowledge`)

export interface Checklist {
  safe: string
  with_whom: string
  next_contact_at: string
}

export const closeAlert = (id: string, given: Checklist) =>
  request<Alert>('POST', `/api/alerts/${at(id)}/close`, given)

export const fetchTasks = (view: 'mine' | 'all') => request<TaskList>('GET', `/api/tasks?view=${view}`)

export const finishTask = (id: string, outcome: string) =>
  request<Task>('POST', `/api/tasks/${at(id)}/done`, { outcome })
