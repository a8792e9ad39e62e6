const DAY_MS = 86_400_000

const two = (n: number) => String(n).padStart(2, '0')

const midnight = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()

/** "09:05" in the reader's zone. */
export function clockTime(at: string | Date): string {
  const date = new Date(at)
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}

/** A key that is equal for two times of the same day. */
export function dayKey(at: string): number {
  return midnight(new Date(at))
}

/** "今天", "昨天", "3月8日" or, in another year, "2025年3月8日". */
export function dayName(at: string, now: Date): string {
  const date = new Date(at)
  const days = Math.round((midnight(now) - midnight(date)) / DAY_MS)
  if (days === 0) return '今天'
  if (days === 1) return '昨天'
  const day = `${date.getMonth() + 1}月${date.getDate()}日`
  return date.getFullYear() === now.getFullYear() ? day : `${date.getFullYear()}年${day}`
}

/** "09:05" today, otherwise day and time. */
export function shortTime(at: string, now: Date): string {
  const day = dayName(at, now)
  return day === '今天' ? clockTime(at) : `${day} ${clockTime(at)}`
}

/** A stretch of time in the two largest units that matter: "45秒", "12分", "3小时5分", "2天4小时". */
export function stretch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds}秒`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}分`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return minutes % 60 ? `${hours}小时${minutes % 60}分` : `${hours}小时`
  const days = Math.floor(hours / 24)
  return hours % 24 ? `${days}天${hours % 24}小时` : `${days}天`
}

/** Today as a date field keeps it: "2026-11-22". */
export function today(at: Date = new Date()): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}
