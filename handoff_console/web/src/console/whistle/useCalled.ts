import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { messageOf } from '../../api/http'
import { fetchCalled, takeStep, type Called, type Call, type CalledList, type Step } from '../../api/whistle'
import { coalesce } from '../../live/coalesce'
import { listen } from '../live'
import { officer } from '../session'

const list = shallowRef<CalledList | null>(null)
const problem = ref('')

/** How many notices a department has not yet signed for or come to; shown in the navigation. */
export const waiting = computed(
  () =>
    (list.value?.items ?? []).filter(
      (each) => !each.ended_at && each.mine.some((call) => !call.arrived && !call.declined),
    ).length,
)

const refresh = coalesce(async () => {
  if (officer.value?.role !== 'department') return
  try {
    list.value = await fetchCalled()
    problem.value = ''
  } catch (error) {
    problem.value = messageOf(error)
  }
}, 300)

/** Notices that call this officer's department, kept up to date while somebody looks. */
export function useCalled() {
  const busy = ref(false)

  async function take(
    notice: Called,
    call: Call,
    step: Step,
    given: Record<string, unknown>,
  ): Promise<string> {
    busy.value = true
    try {
      await takeStep(notice.id, call.unit.id, step, given)
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
      onEvent: (event) => event.kind === 'whistle_told' && void refresh(),
      onLive: () => void refresh(),
    }),
  )
  void refresh()
  return { list, problem, busy, take, refresh }
}
