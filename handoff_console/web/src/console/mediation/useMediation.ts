import { onScopeDispose, ref, shallowRef } from 'vue'
import { messageOf } from '../../api/http'
import { fetchPanel, type Panel } from '../../api/mediation'
import { coalesce } from '../../live/coalesce'
import { listen } from '../live'

/** The mediations of one case, kept up to date; `run` uses a verb and tells what went wrong. */
export function useMediation(number: string) {
  const panel = shallowRef<Panel | null>(null)
  const problem = ref('')
  const busy = ref(false)

  const refresh = coalesce(async () => {
    try {
      panel.value = await fetchPanel(number)
      problem.value = ''
    } catch (error) {
      problem.value = messageOf(error)
    }
  })

  async function run(work: () => Promise<Panel>): Promise<string> {
    busy.value = true
    try {
      panel.value = await work()
      return ''
    } catch (error) {
      void refresh()
      return messageOf(error)
    } finally {
      busy.value = false
    }
  }

  onScopeDispose(
    listen({
      onEvent: (event) => event.case_number === number && void refresh(),
      onLive: () => void refresh(),
    }),
  )
  void refresh()
  return { panel, problem, busy, run }
}
