import { onScopeDispose, ref } from 'vue'
import { ApiError } from '../../api/http'
import { fetchSlips } from '../../api/supervision'
import { coalesce } from '../../live/coalesce'
import { listen } from '../live'

const PAUSE_MS = 1000

/** How many slips wait for this officer's answer. */
export function useSlips() {
  const waiting = ref(0)
  const refresh = coalesce(async () => {
    try {
      waiting.value = (await fetchSlips('mine')).mine
    } catch (error) {
      if (!(error instanceof ApiError)) throw error // the badge stays as it was; the next event asks again
    }
  }, PAUSE_MS)
  onScopeDispose(
    listen({
      onEvent: (event) => event.kind.startsWith('slip_') && void refresh(),
      onLive: () => void refresh(),
    }),
  )
  void refresh()
  return waiting
}
