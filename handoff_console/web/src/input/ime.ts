/** What we need to know of a key press; a KeyboardEvent is one. */
export interface KeyPress {
  key: string
  keyCode: number
  isComposing: boolean
  shiftKey: boolean
}

/**
 * Whether this Enter sends the line. While an input method is composing, Enter picks a candidate word and must not
 * send. Safari fires keydown after compositionend with isComposing false but keyCode 229, hence both are asked.
 */
export function entersLine(press: KeyPress): boolean {
  if (press.key !== 'Enter' || press.shiftKey) return false
  return !press.isComposing && press.keyCode !== 229
}
