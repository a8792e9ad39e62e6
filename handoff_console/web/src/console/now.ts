import { onScopeDispose, readonly, ref } from 'vue'

const now = ref(new Date())
let watchers = 0
let timer: ReturnType<typeof setInterval> | undefined

/** The time, ticking each second as long as somebody shows it. */
export function useNow() {
  if (watchers++ === 0) {
    now.value = new Date()
    timer = setInterval(() => {
      now.value = new Date()
    }, 1000)
  }
  onScopeDispose(() => {
    if (--watchers === 0) clearInterval(timer)
  })
  return readonly(now)
}
