const DAY_MS = 86_400_000
const WEEKDAYS = ['一', '二', '三', '四', '五', '六', '日']

const two = (n: number) => String(n).padStart(2, '0')

/** "2026-11-25" of a moment, in the reader's zone. */
export function isoDay(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** The day so many days later. */
export function shifted(day: string, days: number): string {
  return isoDay(new Date(new Date(`${day}T12:00`).getTime() + days * DAY_MS))
}

/** "11月25日 周三". */
export function dayTitle(day: string): string {
  const date = new Date(`${day}T12:00`)
  return `${date.getMonth() + 1}月${date.getDate()}日 周${WEEKDAYS[(date.getDay() + 6) % 7]}`
}

/** 0 (Monday) to 6 → "周一、周三"; nothing for no days. */
export function weekdayNames(days: number[]): string {
  return days.map((day) => `周${WEEKDAYS[day]}`).join('、')
}

/** Minutes of the day → "9:00". */
export function clockOf(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}`
}

/** "09:30" → minutes of the day; null for anything else. */
export function minutesOf(clock: string): number | null {
  const found = /^(\d{1,2}):(\d{2})$/.exec(clock.trim())
  if (!found) return null
  const minutes = Number(found[1]) * 60 + Number(found[2])
  return Number(found[2]) < 60 && minutes <= 24 * 60 ? minutes : null
}
