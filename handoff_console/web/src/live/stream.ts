import { reconnectDelay } from './backoff'
import { SseReader, type ServerEvent } from './sse'

/** `live`: heartbeats arrive. `lost`: trying to reconnect. `refused`: the server no longer knows who we are. */
export type LinkState = 'connecting' | 'live' | 'lost' | 'refused'

export interface StreamOptions {
  /** The address to read from, asked anew at each attempt so that it can carry the last seen seq. */
  url: () => string
  headers?: () => Record<string, string>
  onEvent: (event: ServerEvent) => void
  onState: (state: LinkState) => void
}

/** The server's heartbeat comes every 10 s; two and a half missed ones mean that the line is dead. */
const SILENCE_MS = 25_000

/** Keeps one event stream open until `stop()`; reconnects with growing pauses and replays by seq. */
export class EventStream {
  private stopped = false
  private attempt = 0
  private abort: AbortController | null = null
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly options: StreamOptions) {}

  start(): void {
    window.addEventListener('online', this.retryNow)
    document.addEventListener('visibilitychange', this.onVisible)
    void this.connect()
  }

  stop(): void {
    this.stopped = true
    window.removeEventListener('online', this.retryNow)
    document.removeEventListener('visibilitychange', this.onVisible)
    clearTimeout(this.timer)
    this.abort?.abort()
  }

  /** Reconnects at once when we were waiting to; does nothing on a live line. */
  readonly retryNow = (): void => {
    if (this.stopped || this.abort) return
    clearTimeout(this.timer)
    void this.connect()
  }

  private readonly onVisible = (): void => {
    if (document.visibilityState === 'visible') this.retryNow()
  }

  private async connect(): Promise<void> {
    const abort = new AbortController()
    this.abort = abort
    if (this.attempt === 0) this.options.onState('connecting')
    const refused = await this.readUntilEnd(abort)
    this.abort = null
    if (this.stopped) return
    if (refused) {
      this.options.onState('refused')
      return
    }
    this.options.onState('lost')
    this.timer = setTimeout(this.retryNow, reconnectDelay(this.attempt, Math.random()))
    this.attempt += 1
  }

  /** Returns true when the server refused us (401), false for every other end. */
  private async readUntilEnd(abort: AbortController): Promise<boolean> {
    let silence = setTimeout(() => abort.abort(), SILENCE_MS)
    try {
      const headers = { Accept: 'text/event-stream', ...this.options.headers?.() }
      const response = await fetch(this.options.url(), { headers, signal: abort.signal, cache: 'no-store' })
      if (response.status === 401) return true
      if (!response.ok || !response.body) return false
      this.attempt = 0
      this.options.onState('live')
      const reader = response.body.getReader()
      const decoder = new TextDecoder()
      const sse = new SseReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return false
        clearTimeout(silence)
        silence = setTimeout(() => abort.abort(), SILENCE_MS)
        for (const event of sse.push(decoder.decode(value, { stream: true }))) this.options.onEvent(event)
      }
    } catch (error) {
      if (error instanceof TypeError || error instanceof DOMException) return false
      throw error
    } finally {
      clearTimeout(silence)
    }
  }
}
