import { onMounted, onUnmounted, ref, shallowRef } from 'vue'
import { fetchWhere, type Where } from '../../api/capture'
import { ApiError } from '../../api/http'

export type Finding = 'looking' | 'found' | 'denied' | 'failed'

const PATIENCE_MS = 10_000
const FRESH_MS = 30_000

/** Where the phone is, from the moment the page opens; and what lies around it, when the net says so. */
export function usePosition() {
  const finding = ref<Finding>('looking')
  const point = shallowRef<[number, number] | null>(null)
  const where = shallowRef<Where | null>(null)
  let gone = false

  async function around(at: [number, number]): Promise<void> {
    try {
      const found = await fetchWhere(at)
      if (!gone) where.value = found
    } catch (error) {
      // Without the net the point alone is sent; the server knows the grid when it arrives.
      if (!(error instanceof ApiError)) throw error
    }
  }

  function look(): void {
    if (!('geolocation' in navigator)) {
      finding.value = 'failed'
      return
    }
    finding.value = 'looking'
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        if (gone) return
        point.value = [coords.latitude, coords.longitude]
        finding.value = 'found'
        void around(point.value)
      },
      (error) => {
        finding.value = error.code === error.PERMISSION_DENIED ? 'denied' : 'failed'
      },
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: FRESH_MS },
    )
  }

  onMounted(look)
  onUnmounted(() => {
    gone = true
  })
  return { finding, point, where, look }
}
