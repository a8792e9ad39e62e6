/** Where text is kept between visits. The browser's localStorage is one. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** A shelf for pages where storage is forbidden (private mode, third-party frame): it lasts as long as the page. */
export class PageShelf implements Shelf {
  private readonly values = new Map<string, string>()

  getItem(key: string): string | null {
    return this.values.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    this.values.set(key, value)
  }

  removeItem(key: string): void {
    this.values.delete(key)
  }
}

/** The browser's own shelf where it may be used, else one that lasts as long as the page. */
export function openShelf(): Shelf {
  try {
    window.localStorage.setItem('jiesu.probe', '1')
    window.localStorage.removeItem('jiesu.probe')
    return window.localStorage
  } catch (error) {
    if (error instanceof DOMException) return new PageShelf()
    throw error
  }
}

/** Reads a JSON value; what is missing or damaged counts as absent. */
export function readKept<T>(shelf: Shelf, key: string): T | null {
  const text = shelf.getItem(key)
  if (text === null) return null
  try {
    return JSON.parse(text) as T
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Keeps a JSON value; a full shelf is no reason to stop the resident from writing, so it returns whether it fit. */
export function keep(shelf: Shelf, key: string, value: unknown): boolean {
  try {
    shelf.setItem(key, JSON.stringify(value))
    return true
  } catch (error) {
    if (error instanceof DOMException) return false
    throw error
  }
}
