export type Shortcut = 'next' | 'previous' | 'open' | 'takeover' | 'reply' | 'help'

const SHORTCUTS: Record<string, Shortcut> = {
  j: 'next',
  k: 'previous',
  Enter: 'open',
  t: 'takeover',
  r: 'reply',
  '?': 'help',
}

/** What we need to know of where a key was pressed. */
interface Pressed {
  key: string
  isComposing: boolean
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  target: EventTarget | null
}

/** The shortcut a key stands for, or null: nothing while somebody writes, presses a button or has a dialog open. */
export function shortcutOf(press: Pressed): Shortcut | null {
  if (press.isComposing || press.ctrlKey || press.metaKey || press.altKey) return null
  const element = press.target as Element | null
  if (element?.closest?.('input, textarea, select, [contenteditable], [role="dialog"]')) return null
  if (press.key === 'Enter' && element?.closest?.('button, a')) return null
  return SHORTCUTS[press.key] ?? null
}
