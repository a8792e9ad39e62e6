import { describe, expect, it } from 'vitest'
import { takeArrival } from '../src/chat/arriving'

/** The payload taken from an address, and the address that is left. */
function arriveAt(href: string): [string | null, string] {
  let left = ''
  const past = { state: null, replaceState: (_state: unknown, _title: string, to: string) => (left = to) }
  const payload = takeArrival({ href } as Location, past as unknown as History)
  return [payload, left]
}

describe('coming by a scanned code', () => {
  it('takes the payload out of the address and leaves the rest', () => {
    const [payload, left] = arriveAt('https://city.example/chat?embed=1&p=Lab_-9#x')
    expect(payload).toBe('Lab_-9')
    expect(left).toBe('/chat?embed=1#x')
  })

  it('leaves an address without one alone', () => {
    expect(arriveAt('https://city.example/chat?embed=1')).toEqual([null, ''])
  })

  it.each(['', 'a'.repeat(65), '%3Cscript%3E', '翠湖'])('takes nothing but a payload: %s', (given) => {
    const [payload, left] = arriveAt(`https://city.example/chat?p=${given}`)
    expect(payload).toBe(null)
    expect(left).toBe('/chat')
  })
})
