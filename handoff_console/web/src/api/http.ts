/** The server's answer when it refused; `status` 0 means that it could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** The whole answer: a 409 also says who holds the conversation, or which verbs are allowed. */
    readonly answer: Record<string, unknown> = {},
  ) {
    super(message)
  }
}

const UNREACHABLE = '连不上服务器，请检查网络后再试'

let csrfToken = ''
let whenLoggedOut: () => void = () => undefined

export function setCsrfToken(token: string): void {
  csrfToken = token
}

/** Who is told when the server no longer knows us. */
export function onLoggedOut(tell: () => void): void {
  whenLoggedOut = tell
}

async function answerOf(response: Response): Promise<Record<string, unknown>> {
  try {
    return (await response.json()) as Record<string, unknown>
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

function refusal(status: number, answer: Record<string, unknown>): ApiError {
  const error = (answer.error ?? {}) as { code?: string; message?: string }
  const fallback = status >= 500 ? '服务器出了点问题，请稍后再试' : `没有成功（${status}）`
  return new ApiError(status, error.code ?? 'unknown', error.message ?? fallback, answer)
}

/** One request to the console API, JSON or a form; throws ApiError for everything but success. */
export async function request<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  const form = body instanceof FormData
  if (body !== undefined && !form) headers['Content-Type'] = 'application/json'
  if (method !== 'GET') headers['X-CSRF-Token'] = csrfToken
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers,
      cache: 'no-store',
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    })
  } catch (error) {
    if (error instanceof TypeError) throw new ApiError(0, 'unreachable', UNREACHABLE)
    throw error
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T
  if (response.status === 401 && path !== '/api/login') whenLoggedOut()
  throw refusal(response.status, await answerOf(response))
}

/** The words to show for a failure we expect; anything else is a bug and goes on. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return error.message
  throw error
}
