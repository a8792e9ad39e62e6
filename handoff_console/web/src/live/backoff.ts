/**
 * Milliseconds to wait before reconnecting for the nth time (0 first), between 0.5 s and `ceiling`.
 * `chance` in [0, 1) spreads clients so that a restarted server is not met by all of them at once.
 */
export function reconnectDelay(attempt: number, chance: number, ceiling = 15_000): number {
  const full = Math.min(ceiling, 500 * 2 ** Math.min(attempt, 10))
  return Math.round(full / 2 + (full / 2) * chance)
}
