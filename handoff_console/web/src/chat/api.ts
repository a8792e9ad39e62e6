import type { Content, Outcome } from './outgoing'
import type { ChatConfig, ChatMessage, ChatSession, Stored } from './wire'
import { words } from './words'

/** The server does not know our token any more: a new session is needed. */
export class SessionGone extends Error {}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

export async function fetchConfig(): Promise<ChatConfig> {
  const response = await fetch('/api/chat/config')
  if (!response.ok) throw new TypeError(`config: ${response.status}`)
  return (await response.json()) as ChatConfig
}

export async function openSession(): Promise<ChatSession> {
  const response = await fetch('/api/chat/sessions', { method: 'POST' })
  if (!response.ok) throw new TypeError(`session: ${response.status}`)
  return (await response.json()) as ChatSession
}

export async function fetchMessages(token: string, after: number): Promise<ChatMessage[]> {
  const response = await fetch(`/api/chat/messages?after=${after}`, {
    headers: bearer(token),
    cache: 'no-store',
  })
  if (response.status === 401) throw new SessionGone()
  if (!response.ok) throw new TypeError(`messages: ${response.status}`)
  return ((await response.json()) as { messages: ChatMessage[] }).messages
}

/** The content of a file of this conversation, or null when it cannot be had now. */
export async function readFile(token: string, url: string): Promise<Blob | null> {
  try {
    const response = await fetch(url, { headers: bearer(token) })
    return response.ok ? await response.blob() : null
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

function body(clientId: string, content: Content, files: File[] | null): BodyInit {
  if (content.kind === 'file' && files) {
    const form = new FormData()
    form.append('client_id', clientId)
    for (const file of files) form.append('file', file, file.name)
    return form
  }
  const said =
    content.kind === 'location'
      ? { location: content.location }
      : content.kind === 'button'
        ? { button: content.payload }
        : content.kind === 'start'
          ? { start: content.payload }
          : { text: content.text }
  return JSON.stringify({ client_id: clientId, ...said })
}

/** Sends one line once. Throws SessionGone on 401; every other end is an Outcome. */
export async function sendLine(
  token: string,
  clientId: string,
  content: Content,
  files: File[] | null,
): Promise<Outcome> {
  if (content.kind === 'file' && !files?.length) return { kind: 'refused', reason: words.value.chooseAgain }
  const payload = body(clientId, content, files)
  const headers: Record<string, string> = bearer(token)
  if (typeof payload === 'string') headers['Content-Type'] = 'application/json'
  try {
    const response = await fetch('/api/chat/messages', { method: 'POST', headers, body: payload })
    if (response.status === 401) throw new SessionGone()
    if (response.ok) return sent((await response.json()) as Stored)
    if (response.status >= 500 || response.status === 429 || response.status === 408)
      return { kind: 'offline' }
    return { kind: 'refused', reason: await reasonOf(response) }
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'offline' }
    throw error
  }
}

function sent(stored: Stored): Outcome {
  if (!stored.refused?.length) return { kind: 'sent' }
  return {
    kind: 'sent',
    notice: words.value.notKept(stored.refused.length),
  }
}

async function reasonOf(response: Response): Promise<string> {
  if (response.status === 413) return words.value.fileTooLarge
  try {
    const answer = (await response.json()) as { error?: { message?: string } }
    return answer.error?.message ?? words.value.notTaken
  } catch (error) {
    if (error instanceof SyntaxError) return words.value.notTaken
    throw error
  }
}
