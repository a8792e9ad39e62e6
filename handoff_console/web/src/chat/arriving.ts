const PAYLOAD = /^[A-Za-z0-9_-]{1,64}$/

/**
 * What the scanned code carries (`/chat?p=…`), once: it is taken out of the address, so that a reload or a shared
 * address does not open it again.
 */
export function takeArrival(at: Location = location, past: History = history): string | null {
  const address = new URL(at.href)
  const payload = address.searchParams.get('p')
  if (payload === null) return null
  address.searchParams.delete('p')
  past.replaceState(past.state, '', `${address.pathname}${address.search}${address.hash}`)
  return PAYLOAD.test(payload) ? payload : null
}
