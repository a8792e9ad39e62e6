import { clockOf, shifted } from '../booking/days'

const WEEKDAYS = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']
const DAY = 24 * 60

/** "周一". */
export function weekdayOf(day: string): string {
  return WEEKDAYS[(new Date(`${day}T12:00`).getDay() + 6) % 7] ?? ''
}

/** 0 for Monday. */
export function weekdayNumber(day: string): number {
  return (new Date(`${day}T12:00`).getDay() + 6) % 7
}

/** "11月23日". */
export function dateOf(day: string): string {
  const date = new Date(`${day}T12:00`)
  return `${date.getMonth() + 1}月${date.getDate()}日`
}

/** "9:00–18:00"; "次日" when it goes past midnight. */
export function spanOf(starts: number, ends: number): string {
  if (starts === 0 && ends === DAY) return '全天'
  return `${clockOf(starts)}–${ends <= starts ? '次日' : ''}${clockOf(ends)}`
}

/** "11月23日–29日" of the week that begins on this day. */
export function weekTitle(first: string): string {
  const last = shifted(first, 6)
  const end = first.slice(0, 7) === last.slice(0, 7) ? `${Number(last.slice(8))}日` : dateOf(last)
  return `${dateOf(first)}–${end}`
}
