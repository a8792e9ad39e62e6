import { ref } from 'vue'
import { keep, openShelf, readKept } from '../input/kept'

const LEFT_KEY = 'jiesu.chat.left'
const shelf = openShelf()

/** Whether the page was left in a hurry: what was said is shown again only when asked for. */
export const covered = ref(readKept<boolean>(shelf, LEFT_KEY) ?? false)

/**
 * Clears the screen at once and goes to a page that tells nothing. The way back leads past this page, not to it. What
 * was reported stays with those who work on it.
 */
export function leave(to: string): void {
  keep(shelf, LEFT_KEY, true)
  covered.value = true
  document.title = ''
  document.body.replaceChildren()
  window.location.replace(to)
}

/** Whoever asks for the conversation gets it back. */
export function uncover(): void {
  shelf.removeItem(LEFT_KEY)
  covered.value = false
}
