import { computed, onMounted, onUnmounted, provide, ref, shallowRef, watchEffect } from 'vue'
import { newClientId } from '../input/clientId'
import { keep, openShelf, readKept } from '../input/kept'
import { reconnectDelay } from '../live/backoff'
import { EventStream, type LinkState } from '../live/stream'
import { fetchConfig, fetchMessages, openSession, sendLine, SessionGone } from './api'
import {
  afterAttempt,
  nextToSend,
  retryFailed,
  unsent,
  withoutStored,
  type Content,
  type Outcome,
  type Outgoing,
} from './outgoing'
import { openFileShelf } from './fileShelf'
import { addMessages, emptyRecord, officerInTalk, openButtonsSeq } from './record'
import { tokenKey, type ChatConfig, type ChatMessage, type ChatSession } from './wire'
import { follow, words } from './words'

const SESSION_KEY = 'jiesu.chat.session'
const OUTGOING_KEY = 'jiesu.chat.outgoing'

/** One resident's conversation: the record as the server has it, the lines on their way, and the state of the link. */
export function useChat() {
  const shelf = openShelf()
  const config = ref<ChatConfig | null>(null)
  const session = shallowRef<ChatSession | null>(readKept<ChatSession>(shelf, SESSION_KEY))
  const record = shallowRef(emptyRecord)
  const outgoing = shallowRef<Outgoing[]>(readKept<Outgoing[]>(shelf, OUTGOING_KEY) ?? [])
  const link = ref<LinkState>('connecting')
  const loading = ref(session.value !== null)
  const sessionEnded = ref(false)
  const notice = ref('')
  const files = openFileShelf()
  watchEffect(() => {
    follow(record.value)
    document.documentElement.lang = words.value.tag
  })
  let stream: EventStream | null = null
  let pumping = false
  let failures = 0
  let retryTimer: ReturnType<typeof setTimeout> | undefined

  function setOutgoing(lines: Outgoing[]): void {
    outgoing.value = lines
    keep(shelf, OUTGOING_KEY, lines)
  }

  function take(messages: ChatMessage[]): void {
    const added = addMessages(record.value, messages)
    record.value = added.record
    setOutgoing(withoutStored(outgoing.value, messages))
    if (added.gap) void catchUp()
  }

  async function catchUp(): Promise<void> {
    const token = session.value?.token
    if (!token) return
    try {
      take(await fetchMessages(token, record.value.lastSeq))
      loading.value = false
    } catch (error) {
      if (error instanceof SessionGone) startAnew()
      else if (!(error instanceof TypeError)) throw error
    }
  }

  function listen(token: string): void {
    stream?.stop()
    stream = new EventStream({
      url: () => `/api/chat/events?after=${record.value.lastSeq}`,
      headers: () => ({ Authorization: `Bearer ${token}` }),
      onEvent: (event) => {
        if (event.id !== null) take([JSON.parse(event.data) as ChatMessage])
      },
      onState: (state) => {
        link.value = state
        if (state === 'refused') startAnew()
        if (state !== 'live') return
        loading.value = false
        retry()
      },
    })
    stream.start()
  }

  /** The server has forgotten this session: what it never got goes into a new one. */
  function startAnew(): void {
    stream?.stop()
    stream = null
    shelf.removeItem(SESSION_KEY)
    session.value = null
    record.value = emptyRecord
    loading.value = false
    sessionEnded.value = true
    setOutgoing(unsent(outgoing.value))
    retry()
  }

  /** Goes on with the conversation of an earlier visit: first what was said, then what is being said. */
  async function resume(): Promise<void> {
    const token = session.value?.token
    if (!token) return
    await catchUp()
    if (session.value?.token === token) listen(token)
  }

  async function ensureSession(): Promise<ChatSession | null> {
    if (session.value) return session.value
    try {
      const opened = await openSession()
      session.value = opened
      keep(shelf, SESSION_KEY, opened)
      listen(opened.token)
      return opened
    } catch (error) {
      if (error instanceof TypeError) return null
      throw error
    }
  }

  async function attempt(line: Outgoing): Promise<Outcome | 'gone'> {
    const opened = await ensureSession()
    if (!opened) return { kind: 'offline' }
    try {
      const kept = line.content.kind === 'file' ? await files.get(line.clientId) : null
      return await sendLine(opened.token, line.clientId, line.content, kept)
    } catch (error) {
      if (error instanceof SessionGone) return 'gone'
      throw error
    }
  }

  /** Sends what waits, one line at a time and in order. */
  async function pump(): Promise<void> {
    if (pumping) return
    pumping = true
    let gone = false
    try {
      gone = await drain()
    } finally {
      pumping = false
    }
    if (gone) startAnew()
    // Said after the queue was found empty and before this was known: nobody else would send it.
    else if (nextToSend(outgoing.value)) void pump()
  }

  /** Returns true when the session turned out to be gone. */
  async function drain(): Promise<boolean> {
    for (let line = nextToSend(outgoing.value); line; line = nextToSend(outgoing.value)) {
      const outcome = await attempt(line)
      if (outcome === 'gone') return true
      setOutgoing(afterAttempt(outgoing.value, line.clientId, outcome))
      if (outcome.kind === 'offline') retryLater()
      else {
        failures = 0
        notice.value = outcome.kind === 'sent' ? (outcome.notice ?? '') : ''
        if (line.content.kind === 'file') void files.remove(line.clientId)
      }
    }
    return false
  }

  /** Files chosen together are one line. */
  function sayFiles(chosen: File[]): void {
    const names = chosen.map((file) => file.name).join('、')
    const photo = chosen.every((file) => file.type.startsWith('image/'))
    say({ kind: 'file', text: names, photo, count: chosen.length }, chosen)
  }

  function say(content: Content, chosen?: File[]): void {
    const line: Outgoing = {
      clientId: newClientId(),
      at: new Date().toISOString(),
      content,
      state: 'waiting',
    }
    if (chosen) void files.put(line.clientId, chosen)
    setOutgoing([...outgoing.value, line])
    retry()
  }

  /** Tries again by itself, ever more rarely; the resident need not press anything. */
  function retryLater(): void {
    clearTimeout(retryTimer)
    retryTimer = setTimeout(retry, reconnectDelay(failures + 2, Math.random(), 30_000))
    failures += 1
  }

  function retry(): void {
    clearTimeout(retryTimer)
    setOutgoing(retryFailed(outgoing.value))
    void pump()
  }

  function dismiss(clientId: string): void {
    setOutgoing(outgoing.value.filter((line) => line.clientId !== clientId))
  }

  async function loadConfig(): Promise<void> {
    try {
      config.value = await fetchConfig()
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }

  provide(
    tokenKey,
    computed(() => session.value?.token ?? null),
  )
  onMounted(() => {
    void loadConfig()
    void resume()
    window.addEventListener('online', retry)
    retry()
  })
  onUnmounted(() => {
    window.removeEventListener('online', retry)
    clearTimeout(retryTimer)
    stream?.stop()
  })

  return {
    config,
    record,
    outgoing,
    loading,
    sessionEnded,
    notice,
    reconnecting: computed(() => session.value !== null && link.value === 'lost'),
    openButtons: computed(() =>
      openButtonsSeq(
        record.value,
        outgoing.value.some((line) => line.state !== 'refused'),
      ),
    ),
    officer: computed(() => officerInTalk(record.value)),
    localFiles: files.get,
    say,
    sayFiles,
    retry,
    dismiss,
  }
}
