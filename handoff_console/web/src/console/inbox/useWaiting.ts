import { onScopeDispose, ref } from 'vue'
import { fetchConversations } from '../../api/console'
import { ApiError } from '../../api/http'
import { coalesce } from '../../live/coalesce'
import { listen } from '../live'

const PAUSE_MS = 1000
const TELLS = /^(handed_off|taken_over|released|conversation_)/

/** How many residents wait for a person, wherever in the console one is. */
export function useWaiting() {
  const waiting = ref(0)
  const refresh = coalesce(async () => {
    try {
      waiting.value = (await fetchConversations('queue', null)).counts.queue
    } catch (error) {
      if (!(error instanceof ApiError)) throw error // the badge stays as it was; the next event asks again
    }
  }, PAUSE_MS)
  onScopeDispose(
    listen({
      onEvent: (event) => TELLS.test(event.kind) && void refresh(),
      onLive: () => void refresh(),
    }),
  )
  void refresh()
  return waiting
}
