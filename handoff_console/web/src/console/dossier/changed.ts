import { ApiError } from '../../api/http'
import type { Move } from '../../api/types'
import { shortTime } from '../../input/when'

/** What a colleague did with the case while we were looking at it; empty when nobody did. */
export function whatChanged(error: unknown, now = new Date()): string {
  if (!(error instanceof ApiError)) return ''
  const moves = (error.answer.changed ?? []) as Move[]
  const status = error.answer.status_name as string | undefined
  const done = moves.map((move) => `${move.by} ${shortTime(move.at, now)} ${move.name}`)
  if (!done.length) return ''
  return `（${done.join('，')}${status ? `；现在：${status}` : ''}）`
}
