import type { Role } from '../api/types'
import type { Route } from './route'

type Page = Route['page']

const INBOX: Page[] = ['inbox', 'cases', 'capture', 'tasks']

/** What each role has in the bar, their own work first; everything else is in the menu. */
const BARS: Partial<Record<Role, Page[]>> = {
  department: ['cases', 'checkin', 'tasks', 'inbox', 'capture'],
  mediator: ['mediations', 'booking', 'cases', 'tasks', 'inbox'],
  adviser: ['booking', 'cases', 'tasks', 'inbox'],
  supervisor: ['supervision', 'cases', 'tasks', 'inbox'],
  auditor: ['cases', 'rates', 'supervision', 'inbox'],
  volunteer: ['tasks', 'cases', 'inbox'],
  street: [...INBOX, 'digest'],
  admin: [...INBOX, 'digest'],
}

export const barOf = (role: Role): Page[] => BARS[role] ?? INBOX

/** Where an officer begins: at the page their bar begins with. */
export function homeOf(role: Role): Route {
  const page = barOf(role)[0] ?? 'inbox'
  if (page === 'inbox') return { page, conversation: null }
  return page === 'cases' ? { page, number: null } : { page }
}
