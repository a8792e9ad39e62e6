import { onScopeDispose } from 'vue'
import { tellPresence } from '../../api/console'
import { ApiError } from '../../api/http'

/** The server forgets us after 15 s; we say it again well before. */
const REPEAT_MS = 8_000
/** Typing counts as going on for this long after the last key. */
const TYPING_MS = 5_000

/** Tells the others that this officer is viewing a conversation, or typing in it. A hint: failures are nothing. */
export function usePresence(conversation: string, lastSeq: () => number | null) {
  let typingUntil = 0
  let told: 'viewing' | 'typing' | null = null

  async function tell(activity: 'viewing' | 'typing' | 'gone'): Promise<void> {
    try {
      await tellPresence(conversation, activity, lastSeq())
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
  }

  function beat(): void {
    if (document.visibilityState === 'hidden' || lastSeq() === null) return
    told = Date.now() < typingUntil ? 'typing' : 'viewing'
    void tell(told)
  }

  document.addEventListener('visibilitychange', beat)

  function typing(): void {
    typingUntil = Date.now() + TYPING_MS
    if (told !== 'typing') beat()
  }

  const timer = setInterval(beat, REPEAT_MS)
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', beat)
    void tell('gone')
  })
  return { typing, beat }
}
