/** A text cut in three: before the marked words, the words, after them. */
export type Cut = [string, string, string]

/**
 * Cuts out characters `start` to `end`. The server counts characters (code points), JavaScript counts UTF-16 units:
 * an emoji before the words would move a mark by one.
 */
export function cutAt(text: string, start: number, end: number): Cut {
  const characters = Array.from(text)
  const part = (from: number, to?: number) => characters.slice(from, to).join('')
  return [part(0, start), part(start, end), part(end)]
}
