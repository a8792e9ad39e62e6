import { describe, expect, it } from 'vitest'
import { addMessages, emptyRecord, officerInTalk, openButtonsSeq } from '../src/chat/record'
import type { ChatMessage } from '../src/chat/wire'

function line(seq: number, from: ChatMessage['from'] = 'bot', extra: Partial<ChatMessage> = {}): ChatMessage {
  const rest = { media: [], location: null, officer_name: null, client_id: null }
  return { seq, from, text: `第${seq}句`, buttons: [], at: '2026-11-22T09:00:00Z', ...rest, ...extra }
}

describe('addMessages', () => {
  it('takes each seq once and in order, whatever is repeated', () => {
    const first = addMessages(emptyRecord, [line(2), line(1)]).record
    const { record, gap } = addMessages(first, [line(1), line(2), line(3), line(3)])
    expect(record.messages.map((message) => message.seq)).toEqual([1, 2, 3])
    expect(gap).toBe(false)
  })

  it('does not take what comes after a gap, so that asking again fills it', () => {
    const start = addMessages(emptyRecord, [line(1)]).record
    const skipped = addMessages(start, [line(3)])
    expect(skipped).toEqual({ record: start, gap: true })
    expect(addMessages(skipped.record, [line(2), line(3)]).record.lastSeq).toBe(3)
  })

  it('survives any cut and overlap of a replay', () => {
    const all = [1, 2, 3, 4, 5].map((seq) => line(seq))
    for (let cut = 0; cut <= 5; cut += 1) {
      const before = addMessages(emptyRecord, all.slice(0, cut)).record
      const replay = all.slice(Math.max(0, before.lastSeq - 2))
      expect(addMessages(before, replay).record.messages).toEqual(all)
    }
  })
})

describe('openButtonsSeq', () => {
  const asked = addMessages(emptyRecord, [
    line(1),
    line(2, 'bot', { buttons: [{ title: '对，提交', payload: 'ok' }] }),
  ]).record

  it('opens the buttons of the last line only', () => {
    expect(openButtonsSeq(asked, false)).toBe(2)
    expect(openButtonsSeq(addMessages(asked, [line(3, 'resident')]).record, false)).toBeNull()
  })

  it('closes them while an answer is on its way', () => {
    expect(openButtonsSeq(asked, true)).toBeNull()
  })
})

describe('officerInTalk', () => {
  it('names the human who spoke last, and nobody once the bot speaks again', () => {
    const human = addMessages(emptyRecord, [
      line(1, 'officer', { officer_name: '王建国' }),
      line(2, 'resident'),
    ]).record
    expect(officerInTalk(human)).toBe('王建国')
    expect(officerInTalk(addMessages(human, [line(3)]).record)).toBeNull()
  })
})
