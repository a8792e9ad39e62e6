import { computed, onMounted, onUnmounted, ref, shallowRef } from 'vue'
import { fetchCaptureForm, sendCapture, type CaptureForm, type Captured } from '../../api/capture'
import { ApiError, messageOf } from '../../api/http'
import { openFileShelf } from '../../chat/fileShelf'
import { keep, openShelf, readKept } from '../../input/kept'
import { reconnectDelay } from '../../live/backoff'
import { bodyOf, freshDraft, missing, type Draft } from './draft'
import { keepDraft, keepLast, readDraft } from './kept'
import { afterAttempt, nextToSend, retryFailed, type Outcome, type Sending } from './queue'

const LONGEST_PAUSE_MS = 30_000
const MOST_DONE = 5
// Not among what logging out forgets: a matter somebody took down is never lost. Whoever logs in next on this phone
// sends nothing of it, and sees nothing of it.
const queueKey = (officer: string) => `jiesu.capture.queue.${officer}`
const FORM_KEY = 'jiesu.console.capture.form'

/** One officer's 随手报: the draft, what is on its way, and what has arrived. */
export function useCapture(officer: string) {
  const shelf = openShelf()
  const files = openFileShelf()
  const form = shallowRef<CaptureForm | null>(readKept<CaptureForm>(shelf, FORM_KEY))
  const draft = ref<Draft>(readDraft(officer))
  const photos = shallowRef<File[]>([])
  const queue = shallowRef<Sending[]>(readKept<Sending[]>(shelf, queueKey(officer)) ?? [])
  const done = shallowRef<Captured[]>([])
  const problem = ref('')
  let pumping = false
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const lacks = computed(() => missing(draft.value))

  function setQueue(next: Sending[]): void {
    queue.value = next
    keep(shelf, queueKey(officer), next)
  }

  function change(given: Partial<Draft>): void {
    draft.value = { ...draft.value, ...given }
    keepDraft(officer, draft.value)
  }

  async function setPhotos(chosen: File[]): Promise<void> {
    photos.value = chosen
    change({ photos: chosen.length })
    if (chosen.length) await files.put(draft.value.clientId, chosen)
    else await files.remove(draft.value.clientId)
  }

  /** Into the queue, and the page is ready for the next one at once. */
  function submit(): void {
    if (lacks.value) {
      problem.value = lacks.value
      return
    }
    problem.value = ''
    const given = draft.value
    if (given.place) keepLast(officer, given.place)
    const title = `${given.matter?.title} · ${given.place?.text || '定位'}`
    setQueue([...queue.value, { body: bodyOf(given), title, at: new Date().toISOString(), state: 'waiting' }])
    photos.value = []
    draft.value = { ...freshDraft(), source: given.source }
    keepDraft(officer, draft.value)
    retry()
  }

  async function attempt(sending: Sending): Promise<Outcome> {
    try {
      const kept = await files.get(sending.body.client_id)
      return { kind: 'done', made: await sendCapture(sending.body, kept ?? []) }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const later = error.status === 0 || error.status === 401 || error.status === 408
      if (later || error.status === 429 || error.status >= 500) return { kind: 'offline' }
      return { kind: 'refused', reason: messageOf(error) }
    }
  }

  /** Sends what waits, one at a time. */
  async function pump(): Promise<void> {
    if (pumping) return
    pumping = true
    try {
      for (let next = nextToSend(queue.value); next; next = nextToSend(queue.value)) await send(next)
    } finally {
      pumping = false
    }
    // Submitted after the queue was found empty and before this was known: nobody else would send it.
    if (nextToSend(queue.value)) void pump()
  }

  async function send(next: Sending): Promise<void> {
    const clientId = next.body.client_id
    const outcome = await attempt(next)
    if (outcome.kind === 'done') {
      failures = 0
      done.value = [outcome.made, ...done.value].slice(0, MOST_DONE)
      void files.remove(clientId)
    }
    setQueue(afterAttempt(queue.value, clientId, outcome))
    if (outcome.kind === 'offline') {
      clearTimeout(timer)
      timer = setTimeout(retry, reconnectDelay(failures + 2, Math.random(), LONGEST_PAUSE_MS))
      failures += 1
    }
  }

  function retry(): void {
    clearTimeout(timer)
    setQueue(retryFailed(queue.value))
    void pump()
  }

  /** What was refused lies on the page again, to be put right; what is on the page now is not lost. */
  async function reopen(sending: Sending): Promise<void> {
    const { body } = sending
    if (draft.value.text.trim() || draft.value.matter) {
      problem.value = '先把页面上这件提交了，再改那一件'
      return
    }
    photos.value = (await files.get(body.client_id)) ?? []
    setQueue(queue.value.filter((each) => each !== sending))
    draft.value = {
      clientId: body.client_id,
      source: body.source,
      matter: {
        category: body.category,
        kind: body.kind,
        title: sending.title.split(' · ')[0] ?? '',
        lines: [],
      },
      text: body.text,
      place: body.place ? { text: body.place, unitId: body.unit_id, unitName: '' } : null,
      point: body.lat !== null && body.lng !== null ? [body.lat, body.lng] : null,
      fromPhone: false,
      name: body.name,
      phone: body.phone,
      consent: body.consent,
      outsideNumber: body.outside_number,
      photos: photos.value.length,
    }
    keepDraft(officer, draft.value)
  }

  async function load(): Promise<void> {
    try {
      form.value = await fetchCaptureForm()
      keep(shelf, FORM_KEY, form.value)
      problem.value = ''
    } catch (error) {
      if (!form.value) problem.value = messageOf(error)
    }
  }

  onMounted(async () => {
    window.addEventListener('online', retry)
    void load()
    retry()
    if (draft.value.photos) photos.value = (await files.get(draft.value.clientId)) ?? []
  })
  onUnmounted(() => {
    window.removeEventListener('online', retry)
    clearTimeout(timer)
  })

  return { form, draft, photos, queue, done, problem, lacks, change, setPhotos, submit, retry, reopen, load }
}
