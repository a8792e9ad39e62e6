/** One event of a Server-Sent Events stream. `id` is absent on events that are not replayed (presence). */
export interface ServerEvent {
  id: string | null
  kind: string
  data: string
}

/**
 * Reads the text of an event stream piece by piece.
 *
 * The browser's EventSource can send no Authorization header and hides heartbeats, so a connection that died
 * silently looks alive; therefore we read the stream ourselves.
 */
export class SseReader {
  private rest = ''
  private id: string | null = null
  private kind = 'message'
  private data: string[] = []

  /** Takes the next piece of the stream and returns the events it completed, in order. */
  push(piece: string): ServerEvent[] {
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/)
    this.rest = lines.pop() ?? ''
    return lines.flatMap((line) => this.take(line))
  }

  private take(line: string): ServerEvent[] {
    if (line === '') return this.finish()
    if (line.startsWith(':')) return []
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'id') this.id = value
    else if (field === 'event') this.kind = value
    else if (field === 'data') this.data.push(value)
    return []
  }

  private finish(): ServerEvent[] {
    const done = { id: this.id, kind: this.kind, data: this.data.join('\n') }
    const empty = this.data.length === 0
    this.id = null
    this.kind = 'message'
    this.data = []
    return empty ? [] : [done]
  }
}
