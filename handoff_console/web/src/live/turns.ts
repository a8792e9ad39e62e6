/** What merging needs of a turn. */
interface Numbered {
  seq: number
}

/**
 * Joins turns we have with turns that came, by seq: the newer copy wins (a delivery may have failed, a text may have
 * been edited), none is shown twice, order is by seq.
 */
export function mergeTurns<T extends Numbered>(known: T[], incoming: T[]): T[] {
  const bySeq = new Map(known.map((turn) => [turn.seq, turn]))
  for (const turn of incoming) bySeq.set(turn.seq, turn)
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq)
}

/** Whether a seq is missing between the first turn shown and the last. */
export function hasGap(turns: Numbered[]): boolean {
  return turns.some((turn, index) => index > 0 && turn.seq !== (turns[index - 1]?.seq ?? 0) + 1)
}
