/** Times that are mostly meant when departments are asked to come. */
export interface Choice {
  title: string
  at: Date
}

const HOUR_MS = 3_600_000

function clock(day: Date, ahead: number, hour: number): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + ahead, hour)
}

/** The common times that are neither too soon nor past. */
export function choices(now: Date, earliest: Date): Choice[] {
  const soon = new Date(now.getTime() + 2 * HOUR_MS)
  soon.setMinutes(Math.ceil(soon.getMinutes() / 10) * 10, 0, 0)
  const all = [
    { title: '两小时后', at: soon },
    { title: '今天 17:00', at: clock(now, 0, 17) },
    { title: '明天 9:00', at: clock(now, 1, 9) },
    { title: '明天 15:00', at: clock(now, 1, 15) },
  ]
  return all.filter((each) => each.at >= earliest)
}

/** A moment as a `datetime-local` field holds it. */
export function fieldOf(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`
}
