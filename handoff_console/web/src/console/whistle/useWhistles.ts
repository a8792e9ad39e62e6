import { onScopeDispose, ref, shallowRef } from 'vue'
import { messageOf } from '../../api/http'
import { fetchWhistles, type CaseWhistles } from '../../api/whistle'
import { coalesce } from '../../live/coalesce'
import { listen } from '../live'

/** The notices of one case, kept up to date; `run` does something with them and tells what went wrong. */
export function useWhistles(number: string) {
  const found = shallowRef<CaseWhistles | null>(null)
  const problem = ref('')
  const busy = ref(false)

  const refresh = coalesce(async () => {
    try {
      found.value = await fetchWhistles(number)
      problem.value = ''
    } catch (error) {
      problem.value = messageOf(error)
    }
  })

  async function run(work: () => Promise<unknown>): Promise<string> {
    busy.value = true
    try {
      await work()
      return ''
    } catch (error) {
      return messageOf(error)
    } finally {
      busy.value = false
      void refresh()
    }
  }

  onScopeDispose(
    listen({
      onEvent: (event) => event.case_number === number && void refresh(),
      onLive: () => void refresh(),
    }),
  )
  void refresh()
  return { found, problem, busy, run }
}
