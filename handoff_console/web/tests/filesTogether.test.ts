import { describe, expect, it } from 'vitest'
import { together } from '../src/chat/filesTogether'

const MB = 1_048_576
const limits = { max_file_bytes: 10 * MB, max_files: 9, max_line_bytes: 30 * MB }
const files = (...sizes: number[]) => sizes.map((size) => ({ size: size * MB }))

describe('files chosen together', () => {
  it('are one line', () => {
    expect(together(files(4, 4, 4), limits).lines).toEqual([files(4, 4, 4)])
  })

  it('are as many lines as the server needs, and none is lost', () => {
    expect(together(files(9, 9, 9, 9), limits).lines.map((line) => line.length)).toEqual([3, 1])
    expect(together(files(...Array<number>(11).fill(1)), limits).lines.map((line) => line.length)).toEqual([
      9, 2,
    ])
  })

  it('leave out those too large, and tell', () => {
    const { lines, tooLarge } = together(files(11, 2), limits)
    expect(lines).toEqual([files(2)])
    expect(tooLarge).toEqual(files(11))
  })

  it('go as they are while the limits are not known', () => {
    expect(together(files(11, 2), null).lines).toEqual([files(11, 2)])
    expect(together([], null).lines).toEqual([])
  })
})
