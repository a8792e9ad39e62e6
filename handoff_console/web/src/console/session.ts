import { ref } from 'vue'
import { fetchMe, login, logout } from '../api/console'
import { ApiError, messageOf, onLoggedOut, setCsrfToken } from '../api/http'
import type { Officer } from '../api/types'
import { forgetKept } from './drafts'
import { forgetRoute } from './route'

/** The officer at this screen: unknown while asking, null when nobody is logged in. */
export const officer = ref<Officer | null | undefined>(undefined)
export const sessionProblem = ref('')
/** Years without public holidays that deadlines reach into; told to those who keep the configuration. */
export const missingYears = ref<number[]>([])

onLoggedOut(() => {
  officer.value = null
})

export async function loadSession(): Promise<void> {
  sessionProblem.value = ''
  try {
    const me = await fetchMe()
    setCsrfToken(me.csrf_token)
    officer.value = me.officer
    missingYears.value = me.missing_years
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) officer.value = null
    else sessionProblem.value = messageOf(error)
  }
}

export async function enter(username: string, password: string): Promise<void> {
  await login(username, password)
  await loadSession()
}

/** Leaves, and takes every draft along: the screen may be shared. */
export async function leave(): Promise<void> {
  await logout()
  forgetKept()
  forgetRoute()
  officer.value = null
}
