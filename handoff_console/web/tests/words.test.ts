import { describe, expect, it } from 'vitest'
import { addMessages, emptyRecord } from '../src/chat/record'
import type { ChatMessage } from '../src/chat/wire'
import { follow, isEnglish, words } from '../src/chat/words'

const line = (seq: number, from: ChatMessage['from'], text: string): ChatMessage => ({
  seq,
  from,
  text,
  buttons: [],
  at: '2026-11-23T03:00:00Z',
  media: [],
  location: null,
  officer_name: null,
  client_id: null,
})

const record = (...lines: ChatMessage[]) => addMessages(emptyRecord, lines).record

describe('the language of the page', () => {
  it('is Chinese before anybody has spoken', () => {
    follow(emptyRecord)
    expect(words.value.tag).toBe('zh-CN')
  })

  it('follows what the bot answers in, not what the resident or an officer writes', () => {
    follow(record(line(1, 'resident', 'The lift is broken'), line(2, 'bot', 'Where is that?')))
    expect(words.value.send).toBe('Send')
    follow(
      record(line(1, 'bot', 'Where is that?'), line(2, 'resident', '三号楼'), line(3, 'officer', '您好')),
    )
    expect(words.value.send).toBe('Send')
    follow(record(line(1, 'resident', 'hello'), line(2, 'bot', '在哪儿？')))
    expect(words.value.send).toBe('发送')
  })

  it('is the one asked for, also while the bot keeps silent for a person', () => {
    follow(record(line(1, 'bot', 'A person is asked.'), line(2, 'resident', '中文')))
    expect(words.value.send).toBe('发送')
    follow(record(line(1, 'bot', '正在找人。'), line(2, 'resident', 'English')))
    expect(words.value.send).toBe('Send')
  })

  it('is told by the words, whatever names stand among them', () => {
    expect(isEnglish('Registered: JS261123-0001, the lift at 翠湖花园 3 is broken.')).toBe(true)
    expect(isEnglish('登记好了，编号 JS261123-0001，APP 里也能查')).toBe(false)
    expect(isEnglish('')).toBe(false)
  })

  it('has words for one file and for several', () => {
    follow(record(line(1, 'bot', 'Where is that?')))
    expect(words.value.notKept(1)).toContain('A file was')
    expect(words.value.notKept(2)).toContain('2 files were')
    expect(words.value.day('2026-11-23T10:00:00', new Date('2026-11-23T11:00:00'))).toBe('Today')
    expect(words.value.day('2026-11-20T10:00:00', new Date('2026-11-23T11:00:00'))).toBe('20 November 2026')
  })
})
