import { onScopeDispose, ref, shallowRef } from 'vue'
import { doVerb, fetchCase, type VerbGiven } from '../../api/console'
import { ApiError, messageOf } from '../../api/http'
import { whatChanged } from './changed'
import type { CaseDetail } from '../../api/types'
import { coalesce } from '../../live/coalesce'
import { listen } from '../live'

/** One case, kept up to date, and its verbs. */
export function useCase(number: string) {
  const detail = shallowRef<CaseDetail | null>(null)
  const problem = ref('')
  /** It is not to be seen from here, now or again. */
  const lost = ref(false)
  const busy = ref(false)

  const refresh = coalesce(async () => {
    try {
      detail.value = await fetchCase(number)
      lost.value = false
      problem.value = ''
    } catch (error) {
      gone(error)
    }
  })

  /** What may not be seen any more leaves the screen; a network that failed takes nothing away. */
  function gone(error: unknown): void {
    const unseen = error instanceof ApiError && (error.status === 404 || error.code === 'restricted_now')
    if (unseen && lost.value) return // the first answer said why
    problem.value = messageOf(error)
    lost.value = unseen
    if (unseen) detail.value = null
  }

  /** Returns what went wrong, in words, or an empty text. */
  async function act(verb: string, given: VerbGiven): Promise<string> {
    busy.value = true
    try {
      const version = detail.value?.case.version
      detail.value = await doVerb(number, verb, version === undefined ? given : { ...given, version })
      return ''
    } catch (error) {
      if (error instanceof ApiError && error.code === 'restricted_now') {
        gone(error)
        return ''
      }
      const message = [messageOf(error), whatChanged(error)].filter(Boolean).join('')
      void refresh()
      return message
    } finally {
      busy.value = false
    }
  }

  onScopeDispose(
    listen({
      onEvent: (event) => {
        const within = detail.value?.case.conversation_id
        if (event.case_number === number || event.conversation_id === within) void refresh()
      },
      onLive: () => void refresh(),
    }),
  )
  void refresh()
  return { detail, problem, lost, busy, refresh, act }
}
